package com.coupon.issuance.application;

import com.coupon.issuance.domain.AllowListResult;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.port.in.UploadAllowList;
import com.coupon.issuance.port.out.AllowLists;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Takes allow-lists in: member by member to PostgreSQL, where a list counts once the catalogue
 * names it, and from there to where claims are decided.
 */
@ConsumerRole
final class AllowListUploading implements UploadAllowList {

    private static final int PAGE_SIZE = 5_000;

    private final CampaignCatalog catalog;
    private final AllowLists lists;
    private final CampaignRollout rollout;
    private final long maxMembers;

    AllowListUploading(
            CampaignCatalog catalog,
            AllowLists lists,
            CampaignRollout rollout,
            IssuanceProperties properties) {
        this.catalog = catalog;
        this.lists = lists;
        this.rollout = rollout;
        this.maxMembers = properties.maxAllowList();
    }

    @Override
    public AllowListResult upload(
            CampaignId campaign, Iterator<MemberId> members, LongConsumer progress) {
        Optional<Campaign> stored = catalog.find(campaign);
        if (stored.isEmpty()) {
            return new AllowListResult.UnknownCampaign();
        }
        if (stored.get().plan().eligibility() != Eligibility.ALLOW_LIST) {
            return new AllowListResult.ForEveryone();
        }
        // Whoever may not change it should hear so before sending a million members.
        long list = lists.begin();
        Campaign _ = stored.get().withAllowList(list);
        boolean counts = false;
        try {
            AllowListResult result = read(campaign, list, members, progress);
            if (result instanceof AllowListResult.Replaced) {
                catalog.update(
                        campaign, "allow-list.replaced", latest -> latest.withAllowList(list));
                counts = true;
                lists.dropBefore(campaign, list);
                rollout.confirm(catalog.find(campaign).orElseThrow());
            }
            return result;
        } finally {
            if (!counts) {
                lists.drop(campaign, list);
            }
        }
    }

    private AllowListResult read(
            CampaignId campaign, long list, Iterator<MemberId> members, LongConsumer progress) {
        long read = 0;
        long added = 0;
        List<MemberId> page = new ArrayList<>(PAGE_SIZE);
        while (members.hasNext()) {
            page.add(members.next());
            if (page.size() == PAGE_SIZE || !members.hasNext()) {
                read += page.size();
                if (read > maxMembers) {
                    return new AllowListResult.TooLarge(maxMembers);
                }
                added += lists.add(campaign, list, page);
                page.clear();
                progress.accept(read);
            }
        }
        return read == 0
                ? new AllowListResult.Empty()
                : new AllowListResult.Replaced(added, read - added);
    }
}
