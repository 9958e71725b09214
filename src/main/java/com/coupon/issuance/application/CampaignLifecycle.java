package com.coupon.issuance.application;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignArming.Change;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    CampaignLifecycle(CampaignCatalog catalog, CampaignArming arming) {
        this.catalog = catalog;
        this.arming = arming;
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
    public Optional<Campaign> open(CampaignId campaign) {
        Optional<Campaign> opened = catalog.update(campaign, this::publish);
        opened.ifPresent(published -> {
            Change change = arming.change(published);
            if (change != Change.APPLIED && change != Change.CURRENT) {
                throw new IssuanceUnavailableException(Reason.RECOVERING);
            }
        });
        return opened;
    }

    private Campaign publish(Campaign stored) {
        if (stored.state() == CampaignState.PUBLISHED) {
            return stored;
        }
        Campaign published = stored.published();
        arming.arm(stored);
        return published;
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
            Change change = arming.follow(campaign);
            switch (change) {
                case APPLIED -> log.info("{} follows the catalogue again", campaign.id());
                case CURRENT -> {}
                case BELOW_ISSUED, ABSENT -> log.error("{} in Redis: {}", campaign.id(), change);
            }
        } catch (IssuanceUnavailableException e) {
            // The others must not wait for this one.
            log.warn("{} cannot be brought in line now: {}", campaign.id(), e.getMessage());
        }
    }
}
