package com.coupon.issuance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.in.FollowCampaign.Follower;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Who is shown what, step by step. */
class CampaignFollowingTest {

    private static final Instant OPENS = Instant.parse("2026-01-02T03:00:00Z");

    private final CampaignId campaign = Campaigns.newId();
    private final CampaignId other = Campaigns.newId();
    private final Map<CampaignId, CampaignView> views = new HashMap<>();
    private final List<CampaignId> read = new ArrayList<>();
    private final List<CampaignId> away = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CampaignFollowing following =
            new CampaignFollowing(
                    this::look,
                    nanos::get,
                    new Binder(
                                    new MapConfigurationPropertySource(
                                            Map.of("coupon.issuance.events.subscribers", 3)))
                            .bindOrCreate("coupon.issuance", IssuanceProperties.class),
                    meters);

    private Optional<CampaignView> look(CampaignId id) {
        read.add(id);
        if (away.contains(id)) {
            throw new IssuanceUnavailableException(Reason.UNDECIDED);
        }
        return Optional.ofNullable(views.get(id));
    }

    private static final class Listening implements Follower {

        private final List<String> heard = new ArrayList<>();

        @Override
        public void show(CampaignView view) {
            heard.add(view.shownState() + " " + view.remaining());
        }

        @Override
        public void keepAlive() {
            heard.add("alive");
        }

        @Override
        public void end() {
            heard.add("end");
        }
    }

    private static CampaignView view(
            CampaignId id,
            CampaignState state,
            long issued,
            Instant now,
            @Nullable Instant closesAt) {
        var window = new ClaimWindow(OPENS, closesAt);
        return new CampaignView(id, "A test", state, 5, 5 - issued, window, issued, 1, 1, now);
    }

    private CampaignView becomes(CampaignId id, CampaignState state, long issued, Instant now) {
        CampaignView view = view(id, state, issued, now, OPENS.plusSeconds(60));
        views.put(id, view);
        return view;
    }

    private Listening follow(CampaignId id) {
        CampaignView seen = becomes(id, CampaignState.PUBLISHED, 0, OPENS);
        return following.follow(seen, Listening::new).orElseThrow();
    }

    private double subscribers() {
        return meters.get("coupon.events.subscribers").gauge().value();
    }

    @Test
    void nothingIsReadOfWhatNobodyFollows() {
        Listening one = follow(campaign);
        following.leave(one);
        becomes(other, CampaignState.PUBLISHED, 0, OPENS);

        following.showChanges();

        assertThat(read).isEmpty();
    }

    @Test
    void aCampaignIsReadOnceHoweverManyFollow() {
        Listening ann = follow(campaign);
        Listening bob = follow(campaign);
        Listening cid = follow(other);
        becomes(campaign, CampaignState.PUBLISHED, 1, OPENS);

        following.showChanges();

        assertThat(read).containsExactlyInAnyOrder(campaign, other);
        assertThat(ann.heard).containsExactly("OPEN 4");
        assertThat(bob.heard).containsExactly("OPEN 4");
        assertThat(cid.heard).isEmpty();
    }

    @Test
    void onlyWhatHasChangedIsShown() {
        Listening ann = follow(campaign);

        following.showChanges();
        becomes(campaign, CampaignState.PUBLISHED, 0, OPENS.plusSeconds(1));
        following.showChanges();
        becomes(campaign, CampaignState.PUBLISHED, 2, OPENS.plusSeconds(2));
        following.showChanges();
        following.showChanges();

        assertThat(ann.heard).containsExactly("OPEN 3");
    }

    @Test
    void theWindowAloneIsAChangeAndItsEndIsTheEnd() {
        CampaignView before = becomes(campaign, CampaignState.PUBLISHED, 0, OPENS.minusMillis(1));
        Listening ann = following.follow(before, Listening::new).orElseThrow();

        following.showChanges();
        becomes(campaign, CampaignState.PUBLISHED, 0, OPENS);
        following.showChanges();
        becomes(campaign, CampaignState.PUBLISHED, 0, OPENS.plusSeconds(60));
        following.showChanges();

        assertThat(ann.heard).containsExactly("OPEN 5", "CLOSED 5", "end");
    }

    @Test
    void whatCannotBeReadKeepsItsFollowersAndHoldsUpNoOther() {
        Listening ann = follow(campaign);
        Listening bob = follow(other);
        away.add(campaign);
        becomes(campaign, CampaignState.PAUSED, 1, OPENS);
        becomes(other, CampaignState.PAUSED, 1, OPENS);

        assertThatThrownBy(following::showChanges).isInstanceOf(IssuanceUnavailableException.class);
        assertThat(ann.heard).isEmpty();
        assertThat(bob.heard).containsExactly("PAUSED 4");

        away.clear();
        following.showChanges();
        assertThat(ann.heard).containsExactly("PAUSED 4");
    }

    @Test
    void aCampaignThatIsNoMoreEnds() {
        Listening ann = follow(campaign);
        views.clear();

        following.showChanges();

        assertThat(ann.heard).containsExactly("end");
    }

    @Test
    void everybodyHearsSomethingUntilHisTimeIsUp() {
        Listening ann = follow(campaign);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        Listening bob = follow(campaign);

        following.keepAlive();
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        following.keepAlive();

        assertThat(ann.heard).containsExactly("alive", "end");
        assertThat(bob.heard).containsExactly("alive", "alive");
        assertThat(subscribers()).as("until they leave").isEqualTo(2);
    }

    @Test
    void thereAreNoMoreThanThereMayBeUntilSomebodyLeaves() {
        Listening ann = follow(campaign);
        follow(campaign);
        follow(other);
        CampaignView seen = becomes(campaign, CampaignState.PUBLISHED, 0, OPENS);
        assertThat(following.follow(seen, Listening::new)).isEmpty();

        following.leave(ann);
        following.leave(ann);

        assertThat(following.follow(seen, Listening::new)).isPresent();
        assertThat(following.follow(seen, Listening::new)).isEmpty();
        assertThat(subscribers()).isEqualTo(3);
    }

    @Test
    void aFollowerWhoCannotBeMadeTakesNoPlace() {
        CampaignView seen = becomes(campaign, CampaignState.PUBLISHED, 0, OPENS);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() ->
                            following.follow(
                                    seen,
                                    () -> {
                                        throw new IllegalStateException("gone");
                                    }))
                    .hasMessage("gone");
        }

        assertThat(following.follow(seen, Listening::new)).isPresent();
    }

    @Test
    void allEndsWithTheProcess() {
        Listening ann = follow(campaign);

        following.endAll();

        assertThat(ann.heard).containsExactly("end");
        assertThat(
                        following.follow(
                                becomes(campaign, CampaignState.PUBLISHED, 0, OPENS),
                                Listening::new))
                .isEmpty();

        following.begin();
        assertThat(
                        following.follow(
                                becomes(campaign, CampaignState.PUBLISHED, 0, OPENS),
                                Listening::new))
                .isPresent();
    }
}
