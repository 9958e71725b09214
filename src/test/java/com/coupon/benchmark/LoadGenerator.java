package com.coupon.benchmark;

import com.coupon.benchmark.LoadPlan.Rehearsal;
import com.coupon.benchmark.Outcomes.Outcome;
import com.coupon.report.Latency;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends requests and prints what came of them as one line of JSON after the word {@code result}.
 * What it is to do is its command line ({@link LoadPlan}). Latency counts from when a request was
 * due, so that a server that holds up the generator gains nothing by it.
 */
public final class LoadGenerator {

    static final String RESULT = "result ";

    private static final long LEAD_NANOS = 2_000_000;
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private LoadGenerator() {}

    public static void main(String... args) throws IOException {
        LoadPlan plan = LoadPlan.parse(args);
        LoadResult result = run(plan);
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println(RESULT + result.write());
        System.exit(0);
    }

    /** Does what the plan says, in this process. */
    static LoadResult run(LoadPlan plan) throws IOException {
        Rehearsal rehearsal = plan.rehearsal();
        if (rehearsal != null) {
            load(
                    LoadPlan.closed(
                            rehearsal.port(),
                            rehearsal.path(),
                            plan.connections(),
                            0,
                            rehearsal.seconds()));
        }
        if (plan.await() != null) {
            awaitReady(plan.await());
        }
        return load(plan);
    }

    private static void awaitReady(String url) throws IOException {
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (!isReady(url)) {
            if (System.nanoTime() > end) {
                throw new IOException(url + " does not become ready.");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static boolean isReady(String url) {
        try {
            var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(1_000);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static LoadResult load(LoadPlan plan) throws IOException {
        Requests requests =
                plan.tokens() == null
                        ? Requests.byMembers(plan.paths())
                        : Requests.withTokens(
                                plan.paths().getFirst(), Files.readAllLines(plan.tokens()));
        List<LoadLoop> loops = new ArrayList<>();
        try {
            for (int i = 0; i < plan.threads(); i++) {
                loops.add(new LoadLoop(plan, requests, i, plan.threads()));
            }
            for (LoadLoop loop : loops) {
                loop.connect();
            }
            return run(plan, loops);
        } finally {
            for (LoadLoop loop : loops) {
                loop.close();
            }
        }
    }

    private static LoadResult run(LoadPlan plan, List<LoadLoop> loops) {
        long begin = System.nanoTime() + LEAD_NANOS;
        long counted = begin + Duration.ofSeconds(plan.warmUp()).toNanos();
        long end = counted + Duration.ofSeconds(plan.seconds()).toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(loops.size())) {
            List<CompletableFuture<Void>> running =
                    loops.stream()
                            .map(loop ->
                                    CompletableFuture.runAsync(
                                            () -> run(loop, begin, counted, end), threads))
                            .toList();
            sleepUntil(counted);
            Map<Long, Long> before = cpu(plan);
            sleepUntil(end);
            Map<Long, Long> after = cpu(plan);
            running.forEach(CompletableFuture::join);
            return result(plan, loops, before, after);
        }
    }

    private static void run(LoadLoop loop, long begin, long counted, long end) {
        try {
            loop.run(begin, counted, end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sleepUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** CPU time of each process up to now; 0 is this one. */
    private static Map<Long, Long> cpu(LoadPlan plan) {
        Map<Long, Long> micros = new HashMap<>();
        micros.put(0L, micros(ProcessHandle.current()));
        for (long pid : plan.watched()) {
            ProcessHandle.of(pid).ifPresent(process -> micros.put(pid, micros(process)));
        }
        return micros;
    }

    private static long micros(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1_000;
    }

    private static LoadResult result(
            LoadPlan plan, List<LoadLoop> loops, Map<Long, Long> before, Map<Long, Long> after) {
        SortedMap<String, Long> total = new TreeMap<>();
        SortedMap<String, Histogram> micros = new TreeMap<>();
        SortedMap<String, long[]> series = new TreeMap<>();
        for (LoadLoop loop : loops) {
            for (Outcome outcome : loop.outcomes().all()) {
                String name = outcome.name();
                total.merge(name, outcome.total(), Long::sum);
                micros.computeIfAbsent(name, key -> new Histogram(3)).add(outcome.micros());
                series.merge(name, outcome.series(), LoadGenerator::sum);
            }
        }
        SortedMap<String, Latency> answers = new TreeMap<>();
        micros.forEach((name, histogram) -> {
            if (histogram.getTotalCount() > 0) {
                answers.put(name, Latency.of(histogram));
            }
        });
        Map<Long, Long> spent = new HashMap<>();
        after.forEach((pid, cpu) -> spent.put(pid, cpu - before.getOrDefault(pid, 0L)));
        long own = spent.getOrDefault(0L, 0L);
        spent.remove(0L);
        return new LoadResult(
                plan.seconds(),
                loops.stream().mapToLong(LoadLoop::sent).sum(),
                loops.stream().mapToLong(LoadLoop::notSent).sum(),
                loops.stream().mapToLong(LoadLoop::reconnects).sum(),
                total,
                answers,
                series,
                spent,
                own);
    }

    private static long[] sum(long[] one, long[] other) {
        long[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
        return sum;
    }
}
