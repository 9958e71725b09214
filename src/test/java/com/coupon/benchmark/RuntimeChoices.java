package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import com.coupon.report.Chart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the collector, smaller headers of objects, and the kind of threads are worth. */
final class RuntimeChoices implements Measurement {

    private static final String VIRTUAL_THREADS = "spring.threads.virtual.enabled";

    private record Choice(String what, List<String> flags, Map<String, String> settings) {

        Choice(String what, String collector, String... flags) {
            this(
                    what,
                    Stream.concat(BenchmarkOptions.jvmFlags(collector).stream(), Stream.of(flags))
                            .toList(),
                    Map.of());
        }
    }

    private static final List<Choice> CHOICES =
            List.of(
                    new Choice("G1", "G1"),
                    new Choice("G1, compact headers", "G1", "-XX:+UseCompactObjectHeaders"),
                    new Choice("Parallel", "Parallel"),
                    new Choice(
                            "Parallel, compact headers",
                            "Parallel",
                            "-XX:+UseCompactObjectHeaders"),
                    new Choice("Serial", "Serial"),
                    new Choice(
                            "G1, platform threads",
                            BenchmarkOptions.jvmFlags("G1"),
                            Map.of(VIRTUAL_THREADS, "false")));

    @Override
    public String name() {
        return "runtime";
    }

    @Override
    public Findings measure(Stage stage) {
        String soldOut = stage.soldOut();
        stage.stopService();
        List<ServiceProcess> services = new ArrayList<>();
        try {
            List<Contender> losing = new ArrayList<>();
            List<Contender> winning = new ArrayList<>();
            List<List<String>> live = new ArrayList<>();
            for (Choice choice : CHOICES) {
                ServiceProcess service = stage.launch(choice.settings(), choice.flags());
                services.add(service);
                service.awaitReady();
                String campaign = stage.open("runtime", Stage.PLENTY);
                live.add(List.of(campaign));
                losing.add(
                        new Contender(
                                choice.what() + ", sold out",
                                stage.plan(service.port(), Stage.claims(soldOut)),
                                SoldOutAnswers.SOLD_OUT,
                                service.pid()));
                winning.add(
                        new Contender(
                                choice.what() + ", live",
                                stage.plan(service.port(), Stage.claims(campaign)),
                                LiveClaims.ISSUED,
                                service.pid()));
            }
            List<Row> rows = new ArrayList<>(rows(Contest.of(stage, losing), losing));
            var contest = Contest.of(stage, winning);
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < winning.size(); i++) {
                LiveClaims.check(stage, contest, winning.get(i), live.get(i), failures);
            }
            List<Row> liveRows = rows(contest, winning);
            List<Chart> charts =
                    List.of(
                            Row.rates("Sold-out answers per second by runtime", rows),
                            Row.rates("Live claims per second by runtime", liveRows));
            rows.addAll(liveRows);
            return new Findings(
                    name(),
                    "Collectors, headers of objects, threads",
                    "A node of each kind, all of them up, asked in turn; what is noted is the ratio to the first of its kind.",
                    rows,
                    List.of(),
                    charts,
                    failures);
        } finally {
            services.forEach(ServiceProcess::close);
        }
    }

    private static List<Row> rows(Contest contest, List<Contender> contenders) {
        return contenders.stream()
                .map(contender ->
                        contest.row(contender)
                                .noting(
                                        "%.2f"
                                                .formatted(
                                                        contest.ratio(
                                                                contender, contenders.getFirst()))))
                .toList();
    }
}
