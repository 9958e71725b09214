package com.coupon.issuance.application;

import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.NotSettledException;
import com.coupon.issuance.domain.VersionMatch;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.out.AllowLists;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.issuance.spi.LedgerProgress;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes campaigns through their life. The catalogue is changed first and Redis follows, so whatever
 * is cut short between the two is finished by {@link #reassert}.
 *
 * <p>A campaign is armed while it is still a draft, which cannot issue anything, and while its row
 * in the catalogue is locked. So arming may be repeated after a crash, and once a campaign is
 * public nothing here can ever create its keys, and with them its stock, a second time.
 */
@ConsumerRole
public final class CampaignLifecycle implements ManageCampaigns {

    private static final Logger log = LoggerFactory.getLogger(CampaignLifecycle.class);

    private static final int PAGE_SIZE = 500;

    private final CampaignCatalog catalog;
    private final CampaignArming arming;
    private final CampaignRollout rollout;
    private final AllowLists allowLists;
    private final LiveProgress live;
    private final LedgerProgress ledger;
    private final Duration retention;
    private final InstantSource clock;

    CampaignLifecycle(
            CampaignCatalog catalog,
            CampaignArming arming,
            CampaignRollout rollout,
            AllowLists allowLists,
            LiveProgress live,
            LedgerProgress ledger,
            InstantSource clock,
            IssuanceProperties properties) {
        this.catalog = catalog;
        this.arming = arming;
        this.rollout = rollout;
        this.allowLists = allowLists;
        this.live = live;
        this.ledger = ledger;
        this.clock = clock;
        this.retention = properties.retention();
    }

    @Override
    public boolean create(Campaign draft) {
        return catalog.add(draft);
    }

    @Override
    public Optional<Campaign> find(CampaignId campaign) {
        return catalog.find(campaign);
    }

    @Override
    public List<Campaign> list(String after, @Nullable CampaignState state, int limit) {
        return catalog.list(after, state, limit);
    }

    @Override
    public Optional<Campaign> edit(CampaignId campaign, VersionMatch match, CampaignPlan plan) {
        return change(campaign, "campaign.edited", match, stored -> stored.replanned(plan));
    }

    @Override
    public Optional<Campaign> open(CampaignId campaign, VersionMatch match) {
        bringListOfDraft(campaign, match);
        return change(campaign, "campaign.opened", match, this::publish);
    }

    /**
     * Ahead of the opening, so that nobody who is on the list is refused; and not while the
     * campaign is locked, because a long list takes its time.
     */
    private void bringListOfDraft(CampaignId campaign, VersionMatch match) {
        catalog.update(
                        campaign,
                        "campaign.armed",
                        stored -> {
                            match.require(stored);
                            if (isDraftWithList(stored)) {
                                arming.arm(stored);
                            }
                            return stored;
                        })
                .filter(CampaignLifecycle::isDraftWithList)
                .ifPresent(rollout::bringAllowList);
    }

    private static boolean isDraftWithList(Campaign stored) {
        return stored.state() == CampaignState.DRAFT
                && stored.plan().eligibility() == Eligibility.ALLOW_LIST
                && !stored.allowList().equals(AllowList.NONE);
    }

    private Campaign publish(Campaign stored) {
        Campaign published = stored.published();
        if (stored.state() == CampaignState.DRAFT) {
            arming.arm(stored);
        }
        return published;
    }

    @Override
    public Optional<Campaign> pause(CampaignId campaign, VersionMatch match) {
        return change(campaign, "campaign.paused", match, Campaign::paused);
    }

    @Override
    public Optional<Campaign> resume(CampaignId campaign, VersionMatch match) {
        return change(campaign, "campaign.resumed", match, Campaign::resumed);
    }

    @Override
    public Optional<Campaign> close(CampaignId campaign, VersionMatch match) {
        return change(campaign, "campaign.closed", match, Campaign::closed);
    }

    @Override
    public Optional<Campaign> archive(CampaignId campaign, VersionMatch match) {
        // A closed campaign issues no more, so what is settled once it is closed in Redis stays so.
        catalog.find(campaign)
                .filter(stored -> stored.state() == CampaignState.CLOSED)
                .map(rollout::confirm)
                .ifPresent(this::requireSettled);
        Optional<Campaign> archived =
                change(
                        campaign,
                        "campaign.archived",
                        match,
                        stored ->
                                stored.archived(
                                        clock.instant()
                                                .plus(retention)
                                                .truncatedTo(ChronoUnit.MILLIS)));
        archived.ifPresent(over -> allowLists.dropAll(over.id())); // nobody needs it any more
        return archived;
    }

    private void requireSettled(Campaign closed) {
        CampaignProgress progress = live.of(closed.id());
        long recorded = ledger.recorded(closed.id());
        if (progress.unpublished() > 0 || recorded < progress.issued()) {
            throw new NotSettledException(progress.issued(), recorded, progress.unpublished());
        }
    }

    @Override
    public Optional<Campaign> rollOut(CampaignId campaign) {
        return catalog.find(campaign).map(rollout::confirm);
    }

    private Optional<Campaign> change(
            CampaignId campaign, String action, VersionMatch match, UnaryOperator<Campaign> step) {
        return catalog.update(
                        campaign,
                        action,
                        stored -> {
                            match.require(stored);
                            return step.apply(stored);
                        })
                .map(rollout::confirm);
    }

    /** Brings Redis in line with the catalogue, for whatever was cut short. */
    public void reassert() {
        List<CampaignId> armed = new ArrayList<>();
        String after = "";
        List<Campaign> page;
        do {
            page = catalog.armed(after, PAGE_SIZE);
            for (Campaign campaign : page) {
                reassert(campaign);
                armed.add(campaign.id());
                after = campaign.id().value();
            }
        } while (page.size() == PAGE_SIZE);
        arming.announce(armed);
    }

    private void reassert(Campaign campaign) {
        try {
            rollout.follow(campaign);
        } catch (RuntimeException e) {
            // The others must not wait for this one.
            log.warn("{} cannot be brought in line now: {}", campaign.id(), e.toString());
        }
    }
}
