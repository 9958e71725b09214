package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import java.util.ArrayList;
import java.util.List;

/** Claims that win. */
final class LiveClaims implements Measurement {

    static final String ISSUED = "201";
    static final String PENDING = "202";

    @Override
    public String name() {
        return "live";
    }

    @Override
    public Findings measure(Stage stage) {
        stage.soldOut();
        String campaign = stage.open("live", Stage.PLENTY);
        String naiveCampaign = stage.openNaive();
        ServiceProcess service = stage.service();
        long comparison = stage.comparison();
        int port = stage.comparisonPort();
        var claims =
                new Contender(
                        "claim, live",
                        stage.plan(service.port(), Stage.claims(campaign)),
                        ISSUED,
                        service.pid());
        var controller =
                new Contender("controller", stage.plan(port, "/controller"), "200", comparison);
        var naive =
                new Contender(
                        "naive: one call each",
                        stage.plan(port, "/naive/" + naiveCampaign),
                        "200",
                        comparison);
        var contest = Contest.of(stage, List.of(claims, controller, naive));
        List<String> failures = new ArrayList<>();
        check(stage, contest, claims, List.of(campaign), failures);
        check(stage, contest, naive, List.of(naiveCampaign), failures);
        List<Row> rows = List.of(contest.row(claims), contest.row(controller), contest.row(naive));
        return new Findings(
                name(),
                "Live claims",
                "A campaign that does not sell out; each claim is by another member and wins. Naive is one EVALSHA of the same script for each request of a controller, on 64 connections, with nobody who publishes what was issued. The process that keeps the ledger is held up.",
                rows,
                List.of(
                        Goal.atLeast(1.0, "live ÷ controller", contest.ratio(claims, controller)),
                        Goal.atLeast(2.5, "live ÷ naive", contest.ratio(claims, naive))),
                List.of(Row.rates("Claims per second", rows)),
                failures);
    }

    /** As many yes as coupons that were issued, or the rate is of something else. */
    static void check(
            Stage stage,
            Contest contest,
            Contender contender,
            List<String> campaigns,
            List<String> failures) {
        long told = contest.told(contender, contender.outcome());
        long unclear = contest.told(contender, PENDING) + contest.told(contender, Outcomes.TIMEOUT);
        long issued = campaigns.stream().mapToLong(stage::issued).sum();
        if (issued < told || issued > told + unclear) {
            failures.add(
                    "%s: %,d members were told yes and %,d may have been, but %,d coupons are issued."
                            .formatted(contender.what(), told, unclear, issued));
        }
    }
}
