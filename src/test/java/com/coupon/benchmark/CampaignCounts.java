package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import java.util.ArrayList;
import java.util.List;

/** Whether many campaigns at once cost more than one. */
final class CampaignCounts implements Measurement {

    @Override
    public String name() {
        return "campaigns";
    }

    @Override
    public Findings measure(Stage stage) {
        List<Integer> counts =
                stage.options().quick() ? List.of(1, 10, 100) : List.of(1, 10, 1_000);
        ServiceProcess service = stage.service();
        List<Contender> contenders = new ArrayList<>();
        List<List<String>> campaigns = new ArrayList<>();
        for (int count : counts) {
            List<String> opened = stage.open("many", Stage.PLENTY, count);
            campaigns.add(opened);
            contenders.add(
                    new Contender(
                            "%,d open".formatted(count),
                            stage.plan(service.port(), "/")
                                    .to(opened.stream().map(Stage::claims).toList())
                                    .on(256),
                            LiveClaims.ISSUED,
                            service.pid()));
        }
        var contest = Contest.of(stage, contenders);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            LiveClaims.check(stage, contest, contenders.get(i), campaigns.get(i), failures);
        }
        List<Row> rows = contenders.stream().map(contest::row).toList();
        return new Findings(
                name(),
                "Live claims by the number of campaigns",
                "256 connections; claims go to the campaigns in turn.",
                rows,
                List.of(),
                List.of(Row.rates("Live claims per second by campaigns", rows)),
                failures);
    }
}
