package com.coupon.issuance.adapter.out.redis;

import com.coupon.shared.CampaignId;
import java.util.List;

/**
 * The keys of one campaign. They share a hash tag, so a cluster keeps them on one server and a
 * script can use them all.
 */
record CampaignKeys(
        String campaign,
        String stock,
        String participants,
        String outbox,
        String eligible,
        String sweeper,
        String answers,
        String rates) {

    /** The set of the ids of all campaigns that were ever armed. */
    static final String CAMPAIGNS = "coupon:campaigns";

    /** In {@link #CAMPAIGNS} it shows that the set is whole; no campaign can be called so. */
    static final String WHOLE = "!";

    static CampaignKeys of(CampaignId id) {
        String prefix = "coupon:{" + id.value() + "}:";
        return new CampaignKeys(
                prefix + "campaign",
                prefix + "stock",
                prefix + "participants",
                prefix + "outbox",
                prefix + "eligible",
                prefix + "sweeper",
                prefix + "answers",
                prefix + "rates");
    }

    /**
     * Where an allow-list is brought before it is put in force.
     *
     * @param attempt names one attempt to bring it, so that two do not mix
     */
    String aside(String attempt) {
        return eligible + ":" + attempt;
    }

    /** All that scripts deal with, in the order in which they take them. */
    List<String> all() {
        return List.of(campaign, stock, participants, outbox, eligible);
    }

    /** What answers are added up in, after what tells that there is such a campaign. */
    List<String> totals() {
        return List.of(campaign, answers, rates);
    }

    /** What tells how far a campaign is. */
    List<String> progress() {
        return List.of(campaign, stock, outbox, answers, rates);
    }

    /** What is compared with the ledger. */
    List<String> inspected() {
        return List.of(campaign, stock, participants, outbox);
    }

    /** What tells how a campaign stands. */
    List<String> counters() {
        return List.of(campaign, stock);
    }
}
