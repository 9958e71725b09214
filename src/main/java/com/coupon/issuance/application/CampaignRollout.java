package com.coupon.issuance.application;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.out.AllowLists;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignArming.Change;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings campaigns as the catalogue has them to where claims are decided. Thread-safe.
 *
 * <p>A version is applied only over an older one. Where Redis is ahead of the catalogue, because a
 * change was cut short after Redis and before the catalogue, the catalogue takes a version above
 * that one and prevails: it is the truth.
 */
@ConsumerRole
final class CampaignRollout {

    private static final Logger log = LoggerFactory.getLogger(CampaignRollout.class);

    /** Each try is lost only to a change that another operator made meanwhile. */
    private static final int TRIES = 5;

    private static final int PAGE_SIZE = 1_000;

    private final CampaignCatalog catalog;
    private final CampaignArming arming;
    private final EligibleMembers eligible;
    private final AllowLists allowLists;

    /** How many lists are being brought for somebody who waits for it. */
    private final AtomicInteger bringing = new AtomicInteger();

    CampaignRollout(
            CampaignCatalog catalog,
            CampaignArming arming,
            EligibleMembers eligible,
            AllowLists allowLists) {
        this.catalog = catalog;
        this.arming = arming;
        this.eligible = eligible;
        this.allowLists = allowLists;
    }

    /**
     * Returns once claims are decided by this version of the campaign, or a newer one, on each
     * replica that is waited for.
     *
     * @return the campaign as it is now
     * @throws IssuanceUnavailableException if that cannot be known
     */
    Campaign confirm(Campaign campaign) {
        if (!campaign.armed()) {
            return campaign;
        }
        Rolled rolled = roll(campaign, arming::change);
        if (rolled.lacksAllowList()) {
            bringAllowList(rolled.campaign());
        }
        return rolled.campaign();
    }

    /**
     * The same without waiting for replicas, for what is repeated anyway; an allow-list is left to
     * whoever is bringing one just now.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked, or its data is damaged
     */
    void follow(Campaign campaign) {
        Rolled rolled = roll(campaign, arming::follow);
        // Nothing goes wrong if two bring the same list, but it is much to read.
        if (rolled.lacksAllowList() && bringing.get() == 0) {
            putInForce(rolled.campaign(), () -> {});
        }
    }

    /**
     * A campaign as it is now, there and here.
     *
     * @param allowList the number of the list in force
     */
    private record Rolled(Campaign campaign, long allowList) {

        boolean lacksAllowList() {
            return campaign.plan().eligibility() == Eligibility.ALLOW_LIST
                    && campaign.state() != CampaignState.ARCHIVED
                    && allowList < campaign.allowList().number();
        }
    }

    private Rolled roll(Campaign campaign, Function<Campaign, Change> apply) {
        Campaign wanted = campaign;
        for (int tries = 0; tries < TRIES; tries++) {
            Change change = apply.apply(wanted);
            switch (change.outcome()) {
                case APPLIED, CURRENT -> {
                    return new Rolled(wanted, change.allowList());
                }
                case OUTRUN -> {
                    log.info("{} in Redis is ahead of {}", wanted.id(), wanted.version());
                    wanted =
                            catalog.outrun(wanted, change.version())
                                    .orElseThrow(IllegalStateException::new);
                }
                case ABSENT -> // which is looked after by its rebuild
                        throw new IssuanceUnavailableException(Reason.RECOVERING);
                case BELOW_ISSUED, NOT_DRAINED -> {
                    log.error("{} in Redis: {}", wanted.id(), change.outcome());
                    throw new IssuanceUnavailableException(Reason.RECOVERING);
                }
            }
        }
        throw new IssuanceUnavailableException(Reason.UNDECIDED);
    }

    /**
     * Puts the campaign's allow-list in force where claims are decided.
     *
     * @param campaign armed, if only as a draft
     * @param ahead called before each page, for whoever must not be silent as long as a list takes
     * @throws IssuanceUnavailableException if Redis cannot be asked, or its replicas do not follow
     */
    void bringAllowList(Campaign campaign, Runnable ahead) {
        bringing.incrementAndGet();
        try {
            putInForce(campaign, ahead);
        } finally {
            bringing.decrementAndGet();
        }
    }

    /** The same for those who may be silent. */
    void bringAllowList(Campaign campaign) {
        bringAllowList(campaign, () -> {});
    }

    private void putInForce(Campaign campaign, Runnable ahead) {
        eligible.putInForce(
                campaign.id(), campaign.allowList(), pages(campaign).peek(page -> ahead.run()));
    }

    private Stream<List<MemberId>> pages(Campaign campaign) {
        return Stream.iterate(
                page(campaign, ""),
                page -> !page.isEmpty(),
                page -> page(campaign, page.getLast().value()));
    }

    private List<MemberId> page(Campaign campaign, String after) {
        return allowLists.page(campaign.id(), campaign.allowList().number(), after, PAGE_SIZE);
    }
}
