package com.coupon.issuance.application;

import com.coupon.issuance.domain.AllowList;
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
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes allow-lists in: member by member to PostgreSQL, where a list counts once the catalogue
 * names it, and from there to where claims are decided.
 */
@ConsumerRole
final class AllowListUploading implements UploadAllowList {

    private static final Logger log = LoggerFactory.getLogger(AllowListUploading.class);

    private static final int PAGE_SIZE = 5_000;

    private final CampaignCatalog catalog;
    private final AllowLists lists;
    private final CampaignRollout rollout;
    private final long maxMembers;
    private final Semaphore uploads;

    AllowListUploading(
            CampaignCatalog catalog,
            AllowLists lists,
            CampaignRollout rollout,
            IssuanceProperties properties) {
        this.catalog = catalog;
        this.lists = lists;
        this.rollout = rollout;
        this.maxMembers = properties.allowLists().maxMembers();
        this.uploads = new Semaphore(properties.allowLists().uploads());
    }

    @Override
    public AllowListResult upload(
            CampaignId campaign, Iterator<MemberId> members, LongConsumer progress) {
        if (!uploads.tryAcquire()) {
            return new AllowListResult.TooManyUploads();
        }
        try {
            Optional<Campaign> stored = catalog.find(campaign);
            if (stored.isEmpty()) {
                return new AllowListResult.UnknownCampaign();
            }
            if (stored.get().plan().eligibility() != Eligibility.ALLOW_LIST) {
                return new AllowListResult.ForEveryone();
            }
            long number = lists.begin();
            // Whoever may not change it should hear so before sending a million members.
            Campaign _ = stored.get().withAllowList(new AllowList(number, 1));
            AllowListResult result = store(campaign, number, members, progress);
            if (result instanceof AllowListResult.Replaced) {
                rollout.confirm(catalog.find(campaign).orElseThrow());
                forgetBefore(campaign, number);
            }
            return result;
        } finally {
            uploads.release();
        }
    }

    /** Reads the list and has the catalogue name it; a list that ends up without a name goes. */
    private AllowListResult store(
            CampaignId campaign, long number, Iterator<MemberId> members, LongConsumer progress) {
        boolean named = false;
        try {
            AllowListResult result = read(campaign, number, members, progress);
            if (result instanceof AllowListResult.Replaced(long size, long duplicates)) {
                var list = new AllowList(number, size);
                catalog.update(
                        campaign, "allow-list.replaced", latest -> latest.withAllowList(list));
                named = true;
            }
            return result;
        } finally {
            if (!named) {
                lists.dropUnlessNamed(campaign, number);
            }
        }
    }

    /**
     * Only now that the new list is in force: until then, an older one may just be on its way to
     * where claims are decided.
     */
    private void forgetBefore(CampaignId campaign, long number) {
        try {
            lists.dropBefore(campaign, number);
        } catch (RuntimeException e) {
            log.warn("Former lists of {} stay until the next upload: {}", campaign, e.toString());
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
