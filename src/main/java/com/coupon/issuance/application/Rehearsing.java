package com.coupon.issuance.application;

import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.out.Rehearsals;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Lends campaigns to practise on. Nobody can win in them, so neither the outbox nor Kafka nor the
 * ledger ever hears of one.
 */
@ApiRole
public final class Rehearsing {

    private static final int WINNERS = 100;

    /** In case this process dies in the middle. */
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private final Rehearsals rehearsals;
    private final ClaimDispatcher dispatcher;

    Rehearsing(Rehearsals rehearsals, ClaimDispatcher dispatcher) {
        this.rehearsals = rehearsals;
        this.dispatcher = dispatcher;
    }

    /**
     * Where to practise.
     *
     * @param soldOut a campaign that is answered from memory before long
     * @param paused one that Redis is asked for each time
     * @param winners who have won in both
     */
    public record Stage(CampaignId soldOut, CampaignId paused, List<MemberId> winners) {}

    /**
     * Sets a stage, and clears it away afterwards.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked
     */
    public void on(Consumer<Stage> practice) {
        String name = "rehearsal-" + UUID.randomUUID();
        List<MemberId> winners =
                IntStream.rangeClosed(1, WINNERS)
                        .mapToObj(number -> new MemberId("rehearsal-winner-" + number))
                        .toList();
        var stage =
                new Stage(
                        new CampaignId(name + "-sold-out"),
                        new CampaignId(name + "-paused"),
                        winners);
        try {
            set(stage.soldOut(), CampaignState.PUBLISHED, winners);
            set(stage.paused(), CampaignState.PAUSED, winners);
            practice.accept(stage);
        } finally {
            clear(stage.soldOut());
            clear(stage.paused());
        }
    }

    private void set(CampaignId campaign, CampaignState state, List<MemberId> winners) {
        rehearsals.create(campaign, state, winners, LIFETIME);
        dispatcher.introduce(campaign);
    }

    private void clear(CampaignId campaign) {
        dispatcher.forget(campaign);
        rehearsals.drop(campaign);
    }
}
