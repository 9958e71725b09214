package com.coupon.benchmark;

import com.coupon.Http.Answer;
import com.coupon.benchmark.Contest.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a second node says the same, and what it adds. */
final class TwoNodes implements Measurement {

    private static final int ASKED_AGAIN = 50;

    @Override
    public String name() {
        return "nodes";
    }

    @Override
    public Findings measure(Stage stage) {
        String alone = stage.open("node", Stage.PLENTY);
        String shared = stage.open("nodes", Stage.PLENTY);
        ServiceProcess one = stage.service();
        try (ServiceProcess other = stage.launch(Map.of())) {
            other.awaitReady();
            var single =
                    new Contender(
                            "one node",
                            stage.plan(one.port(), Stage.claims(alone)),
                            LiveClaims.ISSUED,
                            one.pid());
            var both =
                    new Contender(
                            "two nodes",
                            stage.plan(one.port(), Stage.claims(shared))
                                    .at(List.of(one.port(), other.port())),
                            LiveClaims.ISSUED,
                            List.of(one.pid(), other.pid()));
            var contest = Contest.of(stage, List.of(single, both));
            List<String> failures = new ArrayList<>();
            LiveClaims.check(stage, contest, single, List.of(alone), failures);
            LiveClaims.check(stage, contest, both, List.of(shared), failures);
            askAgain(one, other, shared, failures);
            List<Row> rows =
                    List.of(
                            contest.row(single),
                            contest.row(both)
                                    .noting(
                                            "%.2f of one node"
                                                    .formatted(contest.ratio(both, single))));
            return new Findings(
                    name(),
                    "Two nodes",
                    "The same connections, divided between two nodes that share the cores with each other and with all else here; so this shows what a second node costs, and not what it adds elsewhere. %d winners of one node ask the other one and are told the same coupon."
                            .formatted(ASKED_AGAIN),
                    rows,
                    List.of(),
                    List.of(Row.rates("Live claims per second by nodes", rows)),
                    failures);
        }
    }

    private static void askAgain(
            ServiceProcess one, ServiceProcess other, String campaign, List<String> failures) {
        for (int i = 0; i < ASKED_AGAIN; i++) {
            String member = "twice-" + i;
            Answer first = (i % 2 == 0 ? one : other).http().claim(campaign, member);
            Answer second = (i % 2 == 0 ? other : one).http().claim(campaign, member);
            if (first.status() != 201
                    || second.status() != 200
                    || !first.get("couponCode").equals(second.get("couponCode"))) {
                failures.add(
                        "%s was told %s, and then %s."
                                .formatted(
                                        member, first.response().body(), second.response().body()));
            }
        }
    }
}
