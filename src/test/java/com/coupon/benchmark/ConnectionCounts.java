package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import com.coupon.report.Chart;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Whether many connections cost more than few. */
final class ConnectionCounts implements Measurement {

    /** Room for so many connections, and as much again for everything else. */
    private static final String HEAP = "-Xmx1536m";

    /** Files a process has open beside its connections. */
    private static final int OTHER_FILES = 1_000;

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public Findings measure(Stage stage) {
        List<Integer> counts =
                stage.options().quick() ? List.of(64, 256, 1_000) : List.of(64, 1_000, 8_000);
        stage.stopService();
        String campaign = stage.open("connections", Stage.PLENTY);
        List<String> flags =
                Stream.concat(stage.options().jvmFlags().stream(), Stream.of(HEAP)).toList();
        try (ServiceProcess service = stage.launch(Map.of(), flags)) {
            service.awaitReady();
            return measure(stage, service, campaign, counts);
        }
    }

    private Findings measure(
            Stage stage, ServiceProcess service, String campaign, List<Integer> counts) {
        List<Contender> contenders = new ArrayList<>();
        List<Row> skipped = new ArrayList<>();
        for (int count : counts) {
            String what = "%,d connections".formatted(count);
            if (count + OTHER_FILES > mostFiles()) {
                String why = "skipped: a process may open %,d files here".formatted(mostFiles());
                skipped.add(Row.of(what, List.of(), why));
            } else {
                contenders.add(
                        new Contender(
                                what,
                                stage.plan(service.port(), Stage.claims(campaign)).on(count),
                                LiveClaims.ISSUED,
                                service.pid()));
            }
        }
        var contest = Contest.of(stage, contenders);
        List<Row> rows = new ArrayList<>(contenders.stream().map(contest::row).toList());
        List<Chart> charts = List.of(Row.rates("Live claims per second by connections", rows));
        rows.addAll(skipped);
        return new Findings(
                name(),
                "Live claims by the number of connections",
                "As fast as is answered, so with n connections n claims are under way. The service has a heap of 1.5 GB, so that it takes them all.",
                rows,
                List.of(),
                charts,
                List.of());
    }

    private static long mostFiles() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
