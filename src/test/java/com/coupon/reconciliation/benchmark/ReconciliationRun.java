package com.coupon.reconciliation.benchmark;

import static org.awaitility.Awaitility.await;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.Options;
import com.coupon.servers.JavaProcess;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import com.coupon.servers.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * Compares a campaign of {@code --issuances=N} coupons (10,000,000 unless said otherwise) in a
 * process of 256 MB, and reads the same bare in another one, in turn. Everything runs on embedded
 * servers of this machine. Ends with 0 where nothing is found and the ratio is 0.5 or better, with
 * 1 where not, and with 2 where the run could not start.
 */
public final class ReconciliationRun {

    private static final List<String> SMALL = List.of("-Xmx256m", "-XX:+UseG1GC");
    private static final int ROUNDS = 3;
    private static final int MOST = 20_000_000;
    private static final double LOWEST_RATIO = 0.5;
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Pattern PAUSE = Pattern.compile("(\\d+)M->\\d+M\\(\\d+M\\) ([0-9.]+)ms");
    private static final String CAMPAIGN = "large";

    private ReconciliationRun() {}

    /** What one bare reading took. */
    private record Bare(long rows, Duration select, long winners, Duration scan) {

        Duration both() {
            return select.plus(scan);
        }
    }

    public static void main(String[] args) throws Exception {
        int issuances = 10_000_000;
        try {
            for (String arg : args) {
                if (!arg.startsWith("--issuances=")) {
                    throw new IllegalArgumentException("There is no option " + arg + ".");
                }
                issuances =
                        Options.number("issuances", arg.substring("--issuances=".length()), MOST);
                if (issuances % LargeCampaign.SCATTER == 0) {
                    throw new IllegalArgumentException(
                            "--issuances is no multiple of "
                                    + LargeCampaign.SCATTER
                                    + ", by which members are spread.");
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("coupon-reconciliation");
        boolean good;
        try {
            good = run(issuances, folder);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
        // the embedded broker clears its folder away before it writes to it for the last time
        LoggingSystem logging = LoggingSystem.get(ReconciliationRun.class.getClassLoader());
        List.of("kafka", "org.apache.kafka")
                .forEach(name -> logging.setLogLevel(name, LogLevel.OFF));
        System.exit(good ? 0 : 1);
    }

    private static boolean run(int issuances, Path folder) throws Exception {
        Servers servers = RunningServers.get();
        int port = RedisProcess.freePort();
        List<String> arguments = new ArrayList<>();
        servers.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.add("--server.port=" + port);
        arguments.add("--management.server.port=" + RedisProcess.freePort());
        arguments.add("--coupon.security.identity=header");
        arguments.add("--coupon.reconciliation.scheduled=false");
        List<String> flags = new ArrayList<>(SMALL);
        Path gc = folder.resolve("gc.log");
        flags.add("-Xlog:gc:file=" + gc);
        try (JavaProcess service =
                JavaProcess.start(
                        folder.resolve("service.log"),
                        List.of(),
                        flags,
                        Map.of("SPRING_PROFILES_ACTIVE", "consumer"),
                        CouponApplication.class.getName(),
                        arguments)) {
            var http = new Http(port);
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() -> http.create(CAMPAIGN, issuances, "").status() == 201);
            http.step(CAMPAIGN, "open");
            Instant began = Instant.now();
            LargeCampaign.plant(servers.jdbcUrl(), servers.redis(), CAMPAIGN, issuances);
            System.out.printf(
                    "%,d coupons are on both sides after %d s.%n",
                    issuances, Duration.between(began, Instant.now()).toSeconds());
            return measure(issuances, folder, servers, http, service, gc);
        }
    }

    private static boolean measure(
            int issuances, Path folder, Servers servers, Http http, JavaProcess service, Path gc) {
        List<Duration> bares = new ArrayList<>();
        List<Duration> compared = new ArrayList<>();
        boolean clean = true;
        System.out.println("| | SELECT | HSCAN | both | compared | ratio |");
        System.out.println("|---|---:|---:|---:|---:|---:|");
        for (int round = 1; round <= ROUNDS; round++) {
            Bare bare = bare(folder.resolve("bare-" + round + ".log"), servers);
            JsonNode run = compare(http, service);
            Duration taken =
                    Duration.between(
                            Instant.parse(run.path("startedAt").asString("")),
                            Instant.parse(run.path("finishedAt").asString("")));
            bares.add(bare.both());
            compared.add(taken);
            clean &=
                    run.path("status").asString("").equals("COMPLETED")
                            && run.path("findings").asLong() == 0
                            && run.path("winners").asLong() == issuances
                            && run.path("rows").asLong() == issuances
                            && bare.rows() == issuances
                            && bare.winners() >= issuances;
            System.out.printf(
                    "| %d | %.1f s | %.1f s | %.1f s | %.1f s | %.2f |%n",
                    round,
                    seconds(bare.select()),
                    seconds(bare.scan()),
                    seconds(bare.both()),
                    seconds(taken),
                    seconds(bare.both()) / seconds(taken));
            if (!clean) {
                System.out.println(run);
            }
        }
        Duration bare = median(bares);
        Duration taken = median(compared);
        double ratio = seconds(bare) / seconds(taken);
        System.out.printf(
                "%,.0f rows and winners per second; ratio to the bare reading %.2f (medians); %s%n",
                2.0 * issuances / seconds(taken), ratio, memory(gc));
        return clean && ratio >= LOWEST_RATIO;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Duration median(List<Duration> durations) {
        return durations.stream().sorted().toList().get(durations.size() / 2);
    }

    private static Bare bare(Path log, Servers servers) {
        try (JavaProcess process =
                JavaProcess.start(
                        log,
                        List.of(),
                        SMALL,
                        Map.of(),
                        BareReading.class.getName(),
                        List.of(servers.jdbcUrl(), servers.redis(), CAMPAIGN))) {
            await().atMost(LONGEST).until(() -> !process.isAlive());
        }
        try (Stream<String> lines = Files.lines(log)) {
            String[] numbers =
                    lines.filter(line -> line.startsWith("bare "))
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("See " + log))
                            .split(" ", -1);
            return new Bare(
                    Long.parseLong(numbers[1]),
                    Duration.ofMillis(Long.parseLong(numbers[2])),
                    Long.parseLong(numbers[3]),
                    Duration.ofMillis(Long.parseLong(numbers[4])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode compare(Http http, JavaProcess service) {
        Answer asked =
                http.admin(
                        "POST",
                        "/reconciliations",
                        "{\"campaignId\":\"%s\",\"mode\":\"DETECT\"}".formatted(CAMPAIGN));
        if (asked.status() != 202) {
            throw new IllegalStateException(asked.response().body());
        }
        String path = asked.header("Location").replace("/api/v1/admin", "");
        return await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> {
                            if (!service.isAlive()) {
                                throw new IllegalStateException("The service has died.");
                            }
                            return http.admin("GET", path, "").json();
                        },
                        run ->
                                !Set.of("QUEUED", "RUNNING")
                                        .contains(run.path("status").asString("")));
    }

    private static String memory(Path gc) {
        long heap = 0;
        double pause = 0;
        try {
            for (String line : Files.readAllLines(gc)) {
                Matcher found = PAUSE.matcher(line);
                if (found.find()) {
                    heap = Math.max(heap, Long.parseLong(found.group(1)));
                    pause = Math.max(pause, Double.parseDouble(found.group(2)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "heap at most %d MB of 256, longest pause %.0f ms".formatted(heap, pause);
    }
}
