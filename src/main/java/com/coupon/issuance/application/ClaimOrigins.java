package com.coupon.issuance.application;

import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where claims under way come from, in words of whoever traces them, until what was won is
 * published. It is kept beside the claims and not with them, because it is wanted by one in a
 * thousand, and only where traces are asked for. What does not fit pushes out the oldest.
 * Thread-safe.
 */
@ApiRole
public final class ClaimOrigins {

    private static final int MOST = 10_000;

    private record Claim(CampaignId campaign, MemberId member) {}

    private final Map<Claim, String> origins =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Claim, String> eldest) {
                    return size() > MOST;
                }
            };

    /** Notes the first of several claims of a member at a time. */
    public synchronized void note(CampaignId campaign, MemberId member, String origin) {
        origins.putIfAbsent(new Claim(campaign, member), origin);
    }

    /** Of a claim that has won nothing. Another claim's is kept. */
    public synchronized void forget(CampaignId campaign, MemberId member, String origin) {
        origins.remove(new Claim(campaign, member), origin);
    }

    /** Of a claim that has won, once. */
    public synchronized @Nullable String take(CampaignId campaign, MemberId member) {
        return origins.remove(new Claim(campaign, member));
    }
}
