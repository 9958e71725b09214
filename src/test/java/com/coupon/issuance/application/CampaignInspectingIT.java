package com.coupon.issuance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.VersionMatch;
import com.coupon.issuance.port.in.InspectCampaign;
import com.coupon.issuance.port.in.InspectCampaign.Republication;
import com.coupon.issuance.port.in.InspectCampaign.Restoration;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.port.in.ListIssuances;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** What is told of campaigns to whoever compares them with the ledger, from both of its sources. */
@IntegrationTest
class CampaignInspectingIT {

    @Autowired private InspectCampaign inspection;
    @Autowired private ManageCampaigns campaigns;
    @Autowired private CampaignCatalog catalog;
    @Autowired private ListIssuances ledger;

    private final Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()));

    @AfterEach
    void close() {
        redis.close();
    }

    private Campaign draft(CampaignId id, long quantity) {
        Campaign draft = Campaigns.draft(id, quantity);
        campaigns.create(draft);
        return draft;
    }

    private Campaign open(CampaignId id, long quantity) {
        Campaign draft = draft(id, quantity);
        campaigns.open(id, VersionMatch.ANY);
        return draft;
    }

    private static String key(Campaign campaign, String name) {
        return "coupon:{" + campaign.id() + "}:" + name;
    }

    @Test
    void aCampaignIsShownBesideItsPlan() {
        Campaign campaign = open(Campaigns.newId(), 7);

        assertThat(inspection.standing(campaign.id()))
                .hasValueSatisfying(standing -> {
                    assertThat(standing.settled()).isTrue();
                    assertThat(standing.archived()).isFalse();
                    assertThat(standing.plannedQuantity()).isEqualTo(7);
                    assertThat(standing.quantity()).isEqualTo(7);
                    assertThat(standing.remaining()).isEqualTo(7);
                    assertThat(standing.winners()).isZero();
                });
    }

    @Test
    void whatTheCatalogueHasAndRedisHasNotYetIsNotSettled() {
        Campaign campaign = open(Campaigns.newId(), 7);
        redis.hset(key(campaign, "campaign"), "version", "1000");

        assertThat(inspection.standing(campaign.id()))
                .hasValueSatisfying(standing -> assertThat(standing.settled()).isFalse());
    }

    @Test
    void ofADraftAndOfWhatThereIsNotThereIsNothingToTell() {
        assertThat(inspection.standing(Campaigns.newId())).isEmpty();
        assertThat(inspection.standing(draft(Campaigns.newId(), 7).id())).isEmpty();
    }

    @Test
    void aCampaignThatRedisHasLostIsRecovering() {
        // in the catalogue alone, and in no hurry to be rebuilt
        Campaign archived =
                Campaigns.draft(Campaigns.newId(), 7)
                        .published()
                        .closed()
                        .archived(Instant.now().plus(1, ChronoUnit.DAYS));
        catalog.add(archived);

        assertThatExceptionOfType(IssuanceUnavailableException.class)
                .isThrownBy(() -> inspection.standing(archived.id()))
                .extracting(IssuanceUnavailableException::reason)
                .isEqualTo(Reason.RECOVERING);
    }

    @Test
    void campaignsThatHoldWinnersAreNamedInOrderPageByPage() {
        String prefix = Campaigns.newId().value();
        Campaign one = open(new CampaignId(prefix + "-1"), 1);
        draft(new CampaignId(prefix + "-2"), 1);
        Campaign forgotten =
                Campaigns.draft(new CampaignId(prefix + "-3"), 1)
                        .published()
                        .closed()
                        .archived(Instant.EPOCH);
        catalog.add(forgotten);
        Campaign four = open(new CampaignId(prefix + "-4"), 1);

        assertThat(inspection.inspectable(prefix, 2)).containsExactly(one.id(), four.id());
        assertThat(inspection.inspectable(prefix, 1)).containsExactly(one.id());
        assertThat(inspection.inspectable(one.id().value(), 1)).containsExactly(four.id());
        assertThat(inspection.inspectable(four.id().value(), 5))
                .doesNotContain(one.id(), four.id(), forgotten.id());
        assertThat(inspection.inspectable("", 100_000)).contains(one.id(), four.id());
    }

    @Test
    void moreMembersThanOneCommandBearsAreRefused() {
        var member = new MemberId("ann");

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        inspection.winners(Campaigns.newId(), Collections.nCopies(1_001, member)));
        assertThat(inspection.winners(Campaigns.newId(), Collections.nCopies(1_000, member)))
                .isEmpty();
    }

    @Test
    void aWinnerWhoseEntryWasLostReachesTheLedgerOnceMoreAndOnlyOnce() {
        Campaign campaign = open(Campaigns.newId(), 1);
        // decided, and its entry lost before anybody could publish it
        var lost =
                new IssuedCoupon(
                        campaign.id(),
                        new MemberId("ann"),
                        1,
                        new CouponCode("%020x".formatted(System.nanoTime())),
                        Instant.now().truncatedTo(ChronoUnit.MILLIS),
                        1);
        try (var decision = redis.multi()) {
            decision.hset(key(campaign, "campaign"), "issued", "1");
            decision.set(key(campaign, "stock"), "0");
            decision.exec();
        }
        assertThat(inspection.restore(lost, false)).isEqualTo(Restoration.RESTORED);

        assertThat(inspection.republish(lost)).isEqualTo(Republication.APPENDED);
        assertThat(inspection.republish(lost)).isEqualTo(Republication.APPENDED);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    assertThat(ledger.list(campaign.id(), 0, 10))
                            .extracting(Issuance::coupon)
                            .isEqualTo(List.of(lost));
                    assertThat(redis.xlen(key(campaign, "outbox"))).isZero();
                });
    }
}
