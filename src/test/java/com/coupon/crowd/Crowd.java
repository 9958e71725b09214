package com.coupon.crowd;

import com.coupon.report.Latency;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Distinct members who each claim one coupon of a campaign that is open already, and who repeat the
 * claim, as a good client does, until they know what became of it.
 */
public final class Crowd {

    /** Few, since the crowd usually shares its cores with the service. */
    private static final int EVENT_LOOPS = 2;

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(200);

    private final URI url;
    private final String campaign;
    private final Arrivals arrivals;
    private final int askTwice;
    private final int connections;
    private final Duration within;
    private final LongConsumer progress;

    /** All of it at once, and nobody asks more often than has to be. */
    public Crowd(
            URI url,
            String campaign,
            int clients,
            int connections,
            Duration within,
            LongConsumer progress) {
        this(url, campaign, new Arrivals(clients, Duration.ZERO), 0, connections, within, progress);
    }

    /**
     * @param arrivals who comes when; later where all connections are in use
     * @param askTwice one in so many members asks once more on hearing a final answer; 0 for nobody
     * @param connections how many are kept alive at the same time, with one request each
     * @param within when to stop asking; what is under way then takes some seconds more
     * @param progress is told now and then, on a thread that must not be held up, how many members
     *     were answered
     */
    public Crowd(
            URI url,
            String campaign,
            Arrivals arrivals,
            int askTwice,
            int connections,
            Duration within,
            LongConsumer progress) {
        this.url = url;
        this.campaign = campaign;
        this.arrivals = arrivals;
        this.askTwice = askTwice;
        this.connections = Math.min(connections, arrivals.members());
        this.within = within;
        this.progress = progress;
    }

    /** Blocks until every member has an answer or the time is over. */
    public Tally run() {
        int loops = Math.min(EVENT_LOOPS, connections);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        try {
            long start = System.nanoTime();
            var queue = new Queue(arrivals, askTwice, start, start + within.toNanos());
            List<Turnstile> turnstiles = new ArrayList<>();
            for (int loop = 0; loop < loops; loop++) {
                int lanes = (connections + loop) / loops;
                turnstiles.add(
                        new Turnstile(
                                client(vertx, lanes), claim(), campaign, queue, lanes, start));
            }
            vertx.setPeriodic(
                    PROGRESS_EVERY.toMillis(), timer -> progress.accept(queue.answered.sum()));
            Promise<Void> done = Promise.promise();
            // A bug of ours in a callback would leave its lane waiting forever
            vertx.exceptionHandler(done::tryFail);
            Future.all(turnstiles.stream().map(Turnstile::emptied).toList())
                    .onSuccess(all -> done.tryComplete());
            turnstiles.forEach(vertx::deployVerticle);
            done.future().await();
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            progress.accept(queue.answered.sum());
            return tally(turnstiles, elapsed);
        } finally {
            vertx.close().await();
        }
    }

    private HttpClientAgent client(Vertx vertx, int connections) {
        boolean https = "https".equals(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : https ? 443 : 80;
        return vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultHost(url.getHost())
                        .setDefaultPort(port)
                        .setSsl(https)
                        .setConnectTimeout((int) CONNECT_WITHIN.toMillis())
                        .setKeepAlive(true)
                        .setPipelining(false),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    private RequestOptions claim() {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setURI("/api/v1/campaigns/" + campaign + "/claims")
                .setIdleTimeout(ANSWER_WITHIN.toMillis());
    }

    private Tally tally(List<Turnstile> turnstiles, Duration elapsed) {
        SortedMap<String, Long> answers = new TreeMap<>();
        SortedMap<String, Long> repeats = new TreeMap<>();
        List<Tally.Winner> winners = new ArrayList<>();
        SortedMap<String, long[]> overTime = new TreeMap<>();
        int tenths = Math.toIntExact(elapsed.toMillis() / 100) + 1;
        var micros = new Histogram(3);
        for (Turnstile turnstile : turnstiles) {
            add(turnstile.answers(), answers);
            add(turnstile.repeats(), repeats);
            winners.addAll(turnstile.winners());
            micros.add(turnstile.micros());
            turnstile.timeline().addTo(overTime, tenths);
        }
        int clients = arrivals.members();
        long neverAsked = clients - Tally.sum(answers);
        if (neverAsked > 0) {
            add(Map.of(Tally.OUT_OF_TIME, neverAsked), answers);
        }
        return new Tally(clients, answers, repeats, elapsed, Latency.of(micros), overTime, winners);
    }

    private static void add(Map<String, Long> counts, SortedMap<String, Long> sums) {
        counts.forEach((name, count) -> sums.merge(name, count, Long::sum));
    }

    /** Hands out members by number. Thread-safe. */
    private static final class Queue implements Turnstile.Queue {

        private final Arrivals arrivals;
        private final int askTwice;
        private final long startNanos;
        private final long endNanos;
        private final AtomicInteger admitted = new AtomicInteger();
        private final LongAdder answered = new LongAdder();

        Queue(Arrivals arrivals, int askTwice, long startNanos, long endNanos) {
            this.arrivals = arrivals;
            this.askTwice = askTwice;
            this.startNanos = startNanos;
            this.endNanos = endNanos;
        }

        @Override
        public Turnstile.@Nullable Visitor next() {
            if (isOutOfTime()) {
                return null;
            }
            int number = admitted.incrementAndGet();
            return number <= arrivals.members()
                    ? new Turnstile.Visitor(
                            member(number),
                            startNanos + arrivals.nanos(number),
                            askTwice > 0 && number % askTwice == 0)
                    : null;
        }

        @Override
        public boolean isOutOfTime() {
            return System.nanoTime() - endNanos > 0;
        }

        @Override
        public void answered() {
            answered.increment();
        }

        private static String member(int number) {
            String digits = Integer.toString(number);
            return "member-" + "0".repeat(Math.max(0, 7 - digits.length())) + digits;
        }
    }
}
