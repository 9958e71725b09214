package com.coupon;

import com.coupon.servers.RunningServers;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test of both roles in one process, over HTTP and on real servers; all such tests share one
 * process.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "coupon.security.identity=header",
            "coupon.claim-page.asks-for-name=true",
            // tests ask faster than members do; RateLimitsIT is about the limits
            "coupon.web.rate-limits.member.enabled=false",
            "coupon.issuance.relay.sweep-interval=100ms",
            "coupon.issuance.relay.sweep-age=300ms",
            "coupon.issuance.events.heartbeat=200ms",
            "coupon.issuance.catalog-interval=200ms",
            "coupon.persistence.revocation-interval=200ms",
            "coupon.persistence.dead-letter-interval=200ms",
            // only those that a test asks for
            "coupon.reconciliation.scheduled=false"
        })
@ActiveProfiles({"api", "consumer"})
@ContextConfiguration(initializers = IntegrationTest.OnRunningServers.class)
public @interface IntegrationTest {

    /** Tells the application where the servers are. */
    final class OnRunningServers
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPropertyValues.of(RunningServers.get().properties()).applyTo(context);
        }
    }
}
