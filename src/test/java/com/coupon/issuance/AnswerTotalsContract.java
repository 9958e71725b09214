package com.coupon.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.shared.CampaignId;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What all totals of answers keep, real or fake, and how they are read. */
public abstract class AnswerTotalsContract {

    protected abstract AnswerTotals totals();

    protected abstract LiveProgress progress();

    /** Arms a campaign of so many coupons. */
    protected abstract CampaignId open(long quantity);

    @Test
    void answersAddUp() {
        CampaignId campaign = open(5);

        assertThat(totals().add(campaign, Map.of(ClaimOutcome.SOLD_OUT, 2L))).isTrue();
        assertThat(
                        totals().add(
                                        campaign,
                                        Map.of(ClaimOutcome.SOLD_OUT, 3L, ClaimOutcome.ISSUED, 1L)))
                .isTrue();

        assertThat(progress().of(campaign).answers())
                .isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 5L, ClaimOutcome.ISSUED, 1L));
    }

    @Test
    void campaignsAreCountedApart() {
        CampaignId one = open(5);
        CampaignId other = open(5);

        totals().add(one, Map.of(ClaimOutcome.PAUSED, 1L));

        assertThat(progress().of(other).answers()).isEmpty();
    }

    @Test
    void everyOutcomeComesBackAsItWas() {
        CampaignId campaign = open(5);
        Map<ClaimOutcome, Long> told = new EnumMap<>(ClaimOutcome.class);
        for (ClaimOutcome outcome : ClaimOutcome.values()) {
            told.put(outcome, 1L + told.size());
        }

        totals().add(campaign, told);

        assertThat(progress().of(campaign).answers()).isEqualTo(told);
    }

    @Test
    void nothingIsAddedForACampaignThatIsNotThere() {
        CampaignId unknown = Campaigns.newId();

        assertThat(totals().add(unknown, Map.of(ClaimOutcome.SOLD_OUT, 1L))).isFalse();
        assertThatThrownBy(() -> progress().of(unknown))
                .isInstanceOf(IssuanceUnavailableException.class);
    }

    @Test
    void aCampaignThatWasJustArmedHasAllBeforeIt() {
        CampaignId campaign = open(5);

        CampaignProgress progress = progress().of(campaign);

        assertThat(progress.campaign()).isEqualTo(campaign);
        assertThat(progress.state()).isEqualTo("PUBLISHED");
        assertThat(progress.quantity()).isEqualTo(5);
        assertThat(progress.remaining()).isEqualTo(5);
        assertThat(progress.issued()).isZero();
        assertThat(progress.unpublished()).isZero();
        assertThat(progress.oldestUnpublished()).isNull();
        assertThat(progress.answers()).isEmpty();
    }
}
