package com.coupon.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The dispatcher alone, beside what Redis does when each claim is a call. */
final class Decisions implements Measurement {

    private static final String TOOL = "redis-benchmark";
    private static final String GOAL = "dispatcher ÷ redis-benchmark";
    private static final double BOUND = 5;
    private static final int CLIENTS = 50;
    private static final int CALLS_PER_SECOND = 30_000;
    private static final long MOST_MEMBERS = 2_000_000_000L;

    @Override
    public String name() {
        return "decisions";
    }

    @Override
    public Findings measure(Stage stage) throws IOException, InterruptedException {
        String campaign = stage.open("decisions", Stage.PLENTY);
        String naive = stage.openNaive();
        stage.stopService();
        boolean hasTool = hasTool();
        List<Double> decided = new ArrayList<>();
        List<Double> called = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        long issued = 0;
        for (int round = 0; round < stage.options().rounds(); round++) {
            if (hasTool) {
                called.add(call(stage, naive));
            }
            String[] words = decide(stage, campaign);
            decided.add(Double.valueOf(words[0]));
            issued += Long.parseLong(words[1]);
            if (Long.parseLong(words[2]) > 0) {
                failures.add(words[2] + " claims were not issued.");
            }
        }
        if (issued != stage.issued(campaign)) {
            failures.add(
                    "%,d claims were told yes, but %,d coupons are issued."
                            .formatted(issued, stage.issued(campaign)));
        }
        String missing = TOOL + " is not installed";
        return new Findings(
                name(),
                "Decisions without HTTP",
                "The application's own port, with 2,000 claims under way, warmed up for %d s in each round; beside it redis-benchmark with the same script, one member a call, %d clients, no pipeline."
                        .formatted(stage.options().warmUp(), CLIENTS),
                List.of(
                        Row.of("dispatcher", decided, ""),
                        Row.of(
                                "redis-benchmark, one EVALSHA each",
                                called,
                                hasTool ? "" : "skipped: " + missing)),
                List.of(
                        hasTool
                                ? Goal.atLeast(BOUND, GOAL, Medians.ratio(decided, called))
                                : Goal.skipped(BOUND, GOAL, missing)),
                List.of(),
                failures);
    }

    private static String[] decide(Stage stage, String campaign) {
        BenchmarkOptions options = stage.options();
        Map<String, String> properties = new HashMap<>(stage.backends().properties());
        properties.keySet().removeIf(name -> name.startsWith("spring.datasource"));
        properties.put("coupon.security.identity", "header");
        // As many as are under way wait in one lane; that is the question here, and no overload
        properties.put("coupon.issuance.claims.queue-timeout", "10s");
        properties.put("coupon.issuance.claims.queue-target", "10s");
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("server.address", "127.0.0.1");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                campaign,
                                Long.toString(stage.nextMembers()),
                                Integer.toString(options.warmUp()),
                                Integer.toString(options.seconds())));
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        Path log = stage.log("decisions");
        stage.awaitQuiet(stage.watched(List.of()));
        stage.runToEnd(
                DecisionsWithoutHttp.class,
                log,
                options.jvmFlags(),
                arguments,
                Duration.ofSeconds(120L + options.warmUp() + options.seconds()));
        return Stage.line(log, DecisionsWithoutHttp.RESULT).split(" ", -1);
    }

    private static boolean hasTool() throws InterruptedException {
        try {
            Process version =
                    new ProcessBuilder(TOOL, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return version.waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            return false;
        }
    }

    /** Calls per second. */
    private static double call(Stage stage, String campaign)
            throws IOException, InterruptedException {
        var redis = stage.backends().redis();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                TOOL,
                                "-h",
                                redis.getHost(),
                                "-p",
                                Integer.toString(redis.getPort()),
                                "-c",
                                Integer.toString(CLIENTS),
                                "-P",
                                "1",
                                "-n",
                                Integer.toString(CALLS_PER_SECOND * stage.options().seconds()),
                                "-r",
                                Long.toString(MOST_MEMBERS),
                                "--csv",
                                "EVALSHA",
                                OneByOne.load(redis),
                                "5"));
        command.addAll(OneByOne.keys(campaign));
        byte[] seed = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        OneByOne.arguments(seed)
                .forEach(argument -> command.add(new String(argument, StandardCharsets.US_ASCII)));
        command.add("c__rand_int__");
        Path log = stage.log("redis-benchmark");
        stage.awaitQuiet(stage.watched(List.of()));
        Process tool =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!tool.waitFor(120, TimeUnit.SECONDS)) {
            tool.destroyForcibly();
            throw new IOException(TOOL + " does not come to an end.");
        }
        return rate(Stage.line(log, "\"EVALSHA"));
    }

    /** The first figure after the command, which holds commas of its own in no version. */
    private static double rate(String csv) {
        String[] cells = csv.split("\",\"", -1);
        return Double.parseDouble(cells[1].replace("\"", ""));
    }
}
