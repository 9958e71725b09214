package com.coupon.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import com.coupon.crowd.Tally;
import com.coupon.shared.CampaignId;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** The crowd of {@code coupon.demo}, at a service on real servers. */
@IntegrationTest
class DemoCrowdIT {

    @LocalServerPort private int port;

    private final CampaignId campaign = Campaigns.newId();

    @Test
    void theCrowdComesBitByBitAndIsToldTheTruth() {
        new Http(port).open(campaign.value(), 500);
        var crowd = new DemoCrowd(new DemoProperties(2_000, Duration.ofSeconds(3)));
        Set<Long> answeredBy = new TreeSet<>();

        Tally tally =
                crowd.claim(campaign, URI.create("http://localhost:" + port), answeredBy::add);

        assertThat(tally.answers())
                .containsOnlyKeys(Tally.ISSUED, Tally.SOLD_OUT)
                .containsEntry(Tally.ISSUED, 500L)
                .containsEntry(Tally.SOLD_OUT, 1_500L);
        assertThat(tally.repeats()).containsEntry(Tally.ASKED_TWICE, 200L);
        assertThat(tally.winners().stream().map(Tally.Winner::member).collect(Collectors.toSet()))
                .hasSize(500);
        // Those who come last are not there before
        assertThat(tally.seconds()).isGreaterThan(2.9);
        assertThat(answeredBy).hasSizeGreaterThan(3);
    }

    @Test
    void whoeverStartsWithoutACrowdHasNone() {
        runner("coupon.demo.other=1")
                .run(context ->
                        assertThat(context.getBean(DemoProperties.class))
                                .isEqualTo(new DemoProperties(0, Duration.ofMinutes(1))));
    }

    @ParameterizedTest
    @CsvSource({
        "crowd   , -1     , greater than or equal to 0",
        "crowd   , 1000001, less than or equal to 1000000",
        "crowd   , many   , many",
        "duration, 0s     , longer than or equal to 1 second",
        "duration, 2h     , shorter than or equal to 1 hour"
    })
    void aCrowdThatIsNoneIsRefusedAtTheStart(String property, String value, String reason) {
        runner("coupon.demo." + property + "=" + value)
                .run(context ->
                        assertThat(context.getStartupFailure())
                                .rootCause()
                                .hasMessageContaining(reason));
    }

    private static ApplicationContextRunner runner(String property) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
                .withUserConfiguration(Demo.class)
                .withPropertyValues(property);
    }

    @EnableConfigurationProperties(DemoProperties.class)
    static class Demo {}
}
