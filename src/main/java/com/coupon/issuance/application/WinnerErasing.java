package com.coupon.issuance.application;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.port.out.AllowLists;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.WinnerErasure;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.spi.PersonalData;
import java.util.List;
import java.util.Set;

/**
 * Forgets members where claims are answered, and says which allow-lists name them. All archived
 * campaigns are asked, whatever the ledger has: so an erasure that was cut short is completed by
 * being repeated.
 */
@ConsumerRole
final class WinnerErasing implements PersonalData {

    private static final int PAGE_SIZE = 500;

    private final CampaignCatalog catalog;
    private final WinnerErasure winners;
    private final AllowLists allowLists;

    WinnerErasing(CampaignCatalog catalog, WinnerErasure winners, AllowLists allowLists) {
        this.catalog = catalog;
        this.winners = winners;
        this.allowLists = allowLists;
    }

    @Override
    public Set<CampaignId> erase(MemberId member) {
        String after = "";
        List<Campaign> page;
        do {
            page = catalog.list(after, CampaignState.ARCHIVED, PAGE_SIZE);
            for (Campaign campaign : page) {
                winners.erase(campaign.id(), member);
                after = campaign.id().value();
            }
        } while (page.size() == PAGE_SIZE);
        return allowLists.naming(member);
    }
}
