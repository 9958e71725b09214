package com.coupon.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.CouponApplication;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.in.ViewCampaign;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.servers.RunningServers;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.transaction.PlatformTransactionManager;

/** What a process of each role has, and above all what it does not have. */
@ExtendWith(OutputCaptureExtension.class)
class RolesIT {

    private static ConfigurableApplicationContext start(String... profiles) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        return start(properties, profiles);
    }

    private static ConfigurableApplicationContext start(
            Map<String, String> properties, String... profiles) {
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles(profiles);
        properties.putIfAbsent("coupon.security.identity", "header");
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static void has(ConfigurableApplicationContext context, Class<?>... types) {
        for (Class<?> type : types) {
            assertThat(context.getBeansOfType(type)).as(type.getSimpleName()).isNotEmpty();
        }
    }

    private static void lacks(ConfigurableApplicationContext context, Class<?>... types) {
        for (Class<?> type : types) {
            assertThat(context.getBeansOfType(type)).as(type.getSimpleName()).isEmpty();
        }
    }

    @Test
    void theApiRoleHasNoDatabaseAndNoConsumer() {
        try (var context = start("api")) {
            has(
                    context,
                    ClaimCoupon.class,
                    ViewCampaign.class,
                    CouponStock.class,
                    IssuancePublisher.class);
            lacks(
                    context,
                    DataSource.class,
                    PlatformTransactionManager.class,
                    Flyway.class,
                    CampaignCatalog.class,
                    ManageCampaigns.class,
                    RecordIssuances.class);
            assertThat(
                            context.getBean(KafkaListenerEndpointRegistry.class)
                                    .getListenerContainerIds())
                    .isEmpty();
            // the one that Spring Boot brings logs members and codes
            assertThat(context.getBeansOfType(ProducerListener.class).values())
                    .singleElement()
                    .isInstanceOf(QuietProducerListener.class);
        }
    }

    @Test
    void theConsumerRoleDecidesNoClaims() {
        try (var context = start("consumer")) {
            has(
                    context,
                    DataSource.class,
                    Flyway.class,
                    ManageCampaigns.class,
                    RecordIssuances.class);
            lacks(
                    context,
                    ClaimCoupon.class,
                    ViewCampaign.class,
                    CouponStock.class,
                    IssuancePublisher.class);
            assertThat(
                            context.getBean(KafkaListenerEndpointRegistry.class)
                                    .getListenerContainerIds())
                    .containsExactly("ledger");
        }
    }

    @Test
    void aProcessWithoutARoleSaysWhichToChoose(CapturedOutput output) {
        assertThatThrownBy(() -> start(new HashMap<>()));

        assertThat(output)
                .contains("This process was given no role.")
                .contains("Set SPRING_PROFILES_ACTIVE to 'api'")
                .doesNotContain("\tat ");
    }

    @Test
    void aProcessThatIsNotToldWhomToBelieveDoesNotStart(CapturedOutput output) {
        Map<String, String> properties = new HashMap<>();
        properties.put("server.port", "0");
        properties.put("coupon.security.identity", "");
        assertThatThrownBy(() -> start(properties, "api"));

        assertThat(output)
                .contains("coupon.security.identity")
                .contains("must be chosen")
                .doesNotContain("\tat ");
    }
}
