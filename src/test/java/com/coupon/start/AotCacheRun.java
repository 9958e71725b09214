package com.coupon.start;

import com.coupon.Options;
import com.coupon.crowd.CampaignAdmin;
import com.coupon.crowd.Crowd;
import com.coupon.servers.RunningServers;
import com.coupon.start.ExtractedApplication.Running;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Takes the jar apart, trains an AOT cache (JEP 514, JEP 515) on a drop, so that classes are loaded
 * and methods profiled before a process starts, and measures what that saves: {@code mvn
 * spring-boot:test-run@aot-cache}, after {@code mvn package}.
 */
public final class AotCacheRun {

    private static final int COUPONS = 5_000;
    private static final int MEMBERS = 50_000;
    private static final int CONNECTIONS = 64;

    private AotCacheRun() {}

    /**
     * @param jar null for the one in target
     * @param to the folder it is taken apart into
     * @param rounds of measuring; 0 for none
     */
    private record Settings(@Nullable Path jar, Path to, int rounds) {

        static Settings of(String... args) {
            Settings settings = new Settings(null, Path.of("target/application"), 3);
            for (String arg : args) {
                settings =
                        switch (arg.replaceFirst("=.*", "")) {
                            case "--jar" ->
                                    new Settings(Path.of(value(arg)), settings.to, settings.rounds);
                            case "--to" ->
                                    new Settings(
                                            settings.jar, Path.of(value(arg)), settings.rounds);
                            case "--rounds" ->
                                    new Settings(
                                            settings.jar,
                                            settings.to,
                                            value(arg).equals("0")
                                                    ? 0
                                                    : Options.number("rounds", value(arg), 100));
                            default ->
                                    throw new IllegalArgumentException(
                                            "There is no option '"
                                                    + arg
                                                    + "'; there are --jar, --to and --rounds.");
                        };
            }
            return settings;
        }

        private static String value(String arg) {
            return arg.substring(arg.indexOf('=') + 1);
        }
    }

    public static void main(String[] args) throws Exception {
        try {
            run(Settings.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException | RuntimeException e) {
            // thrown on, it would leave the servers' threads running, and whoever waits for them
            e.printStackTrace();
            System.exit(1);
        }
        // the embedded broker clears its folder away before it writes to it for the last time
        LoggingSystem logging = LoggingSystem.get(AotCacheRun.class.getClassLoader());
        List.of("kafka", "org.apache.kafka")
                .forEach(name -> logging.setLogLevel(name, LogLevel.OFF));
        System.exit(0);
    }

    private static void run(Settings settings) throws IOException, InterruptedException {
        Path jar = settings.jar() == null ? packagedJar() : settings.jar();
        Map<String, String> servers = RunningServers.get().properties();
        var application = ExtractedApplication.of(jar, settings.to().toAbsolutePath());
        train(application, servers);
        System.out.printf(
                "%n%s, %,d MB%n", application.cache(), Files.size(application.cache()) >> 20);
        if (settings.rounds() > 0) {
            measure(application, servers, settings.rounds());
        }
    }

    private static Path packagedJar() throws IOException, InterruptedException {
        try (Stream<Path> jars = Files.list(Path.of("target"))) {
            return jars.filter(file -> file.getFileName().toString().matches("coupon-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "There is no jar in target; mvn package makes it."));
        }
    }

    /** Both roles, so that one cache serves each of them. */
    private static void train(ExtractedApplication application, Map<String, String> servers)
            throws IOException, InterruptedException {
        Files.deleteIfExists(application.cache());
        try (Running running =
                application.start(
                        "api,consumer",
                        List.of("-XX:AOTCacheOutput=" + application.cache()),
                        servers)) {
            String campaign = "aot-" + System.currentTimeMillis();
            new CampaignAdmin(running.url(), campaign).createAndOpen(COUPONS);
            drop(running.url(), campaign);
        }
        if (!Files.exists(application.cache())) {
            throw new IOException("This Java virtual machine made no AOT cache.");
        }
    }

    private static void drop(URI url, String campaign) {
        new Crowd(url, campaign, MEMBERS, CONNECTIONS, Duration.ofMinutes(5), answered -> {}).run();
    }

    private static void measure(
            ExtractedApplication application, Map<String, String> servers, int rounds)
            throws IOException {
        System.out.printf(
                "Role api, ready after (medians of %d)  without   with the cache%n", rounds);
        for (int claims : List.of(0, 30_000)) {
            Map<String, String> properties = new HashMap<>(servers);
            properties.put("coupon.issuance.warm-up.claims", Integer.toString(claims));
            List<Duration> without = new ArrayList<>();
            List<Duration> with = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                without.add(readyAfter(application, List.of(), properties));
                with.add(readyAfter(application, List.of(cacheFlag(application)), properties));
            }
            System.out.printf(
                    "  after %,6d claims of its own     %,8d ms  %,8d ms%n",
                    claims, median(without).toMillis(), median(with).toMillis());
        }
    }

    private static String cacheFlag(ExtractedApplication application) {
        return "-XX:AOTCache=" + application.cache();
    }

    private static Duration readyAfter(
            ExtractedApplication application, List<String> flags, Map<String, String> properties)
            throws IOException {
        try (Running running = application.start("api", flags, properties)) {
            return running.readyAfter();
        }
    }

    private static Duration median(List<Duration> durations) {
        return durations.stream().sorted().toList().get(durations.size() / 2);
    }
}
