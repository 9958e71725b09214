package com.coupon.local;

import com.coupon.crowd.Arrivals;
import com.coupon.crowd.Crowd;
import com.coupon.crowd.Report;
import com.coupon.crowd.Tally;
import com.coupon.shared.CampaignId;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongConsumer;

/** A crowd that claims over HTTP like any other, so that there is something to look at. */
final class DemoCrowd {

    private static final int CONNECTIONS = 64;

    /** One in so many members asks twice. */
    private static final int ASK_TWICE = 10;

    /** How long members whose first answer was not final may take, beyond the time of coming. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final DemoProperties properties;

    DemoCrowd(DemoProperties properties) {
        this.properties = properties;
    }

    /** Says what is coming, waits until everybody has an answer, and says what they were told. */
    void visit(CampaignId campaign, URI url) {
        if (properties.crowd() == 0) {
            return;
        }
        System.out.printf(
                "A crowd of %,d comes to '%s' within %d s, every %dth asks twice.%n%n",
                properties.crowd(), campaign.value(), properties.duration().toSeconds(), ASK_TWICE);
        System.out.printf(
                "The crowd has gone. It was told:%n%s%n",
                Report.of(claim(campaign, url, answered -> {})));
    }

    /**
     * @param progress as of {@link Crowd}
     */
    Tally claim(CampaignId campaign, URI url, LongConsumer progress) {
        return new Crowd(
                        url,
                        campaign.value(),
                        new Arrivals(properties.crowd(), properties.duration()),
                        ASK_TWICE,
                        CONNECTIONS,
                        properties.duration().plus(GRACE),
                        progress)
                .run();
    }
}
