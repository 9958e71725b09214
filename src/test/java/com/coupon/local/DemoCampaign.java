package com.coupon.local;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Coupon;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.VersionMatch;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.shared.CampaignId;
import java.time.Instant;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;

/** Opens a campaign to try things with, and says how. */
final class DemoCampaign implements ApplicationRunner {

    static final CampaignId WELCOME = new CampaignId("welcome");
    private static final int QUANTITY = 1_000;

    private final ManageCampaigns campaigns;
    private final Environment environment;

    DemoCampaign(ManageCampaigns campaigns, Environment environment) {
        this.campaigns = campaigns;
        this.environment = environment;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        campaigns.create(
                Campaign.draft(
                        WELCOME,
                        new CampaignPlan(
                                "Welcome",
                                new Coupon("Welcome coupon", "20 % off the first order", null),
                                QUANTITY,
                                new ClaimWindow(Instant.now(), null),
                                Eligibility.EVERYONE)));
        campaigns.open(WELCOME, VersionMatch.ANY);
        System.out.printf(
                """

                The campaign 'welcome' is open: %,d coupons. Try

                  curl -i -X POST -H 'X-User-Id: alice' localhost:8080/api/v1/campaigns/welcome/claims
                  curl -i localhost:8080/api/v1/campaigns/welcome
                  curl -N localhost:8080/api/v1/campaigns/welcome/events   # live; Ctrl-C ends it
                  curl -s -H 'X-User-Id: ops' -H 'X-User-Scopes: coupon.admin' \\
                       localhost:8080/api/v1/admin/campaigns/welcome/issuances

                Page for members    http://localhost:8080/
                Operators' console  http://localhost:8080/console
                Swagger UI          http://localhost:8080/swagger-ui.html
                Health and metrics  http://localhost:8081/actuator/health   http://localhost:8081/actuator/prometheus
                Redis               %s
                PostgreSQL          %s  (user postgres, password postgres)
                Kafka               %s

                A million claims, from a second terminal:  mvn spring-boot:test-run@crowd
                A crowd in this campaign, from the start:  mvn spring-boot:test-run -Dspring-boot.run.arguments=--coupon.demo.crowd=5000
                Ctrl-C stops everything and leaves nothing behind.

                """,
                QUANTITY,
                environment.getProperty("coupon.redis.nodes"),
                environment.getProperty("spring.datasource.url"),
                environment.getProperty("spring.kafka.bootstrap-servers"));
    }
}
