package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that takes one step after another until it is told to stop; after that it can be started
 * again. Started, stopped and awaited by one thread at a time.
 */
final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    /** So that a step that always fails does not fill the log and the processor. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    /** One turn of the loop. */
    @FunctionalInterface
    interface Step {

        /**
         * @return whether there may be more to do at once
         */
        boolean take() throws InterruptedException;
    }

    private final String name;
    private final Step step;
    private final Duration pause;
    private volatile CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Thread thread;

    /**
     * @param pause how long to rest after a step that found nothing to do; zero where the step
     *     itself waits
     */
    Loop(String name, Duration pause, Step step) {
        this.name = name;
        this.step = step;
        this.pause = pause;
    }

    /** Does the same again and again, with a pause between. */
    static Loop every(String name, Duration pause, Runnable task) {
        return new Loop(
                name,
                pause,
                () -> {
                    task.run();
                    return false;
                });
    }

    void start() {
        CountDownLatch stop = new CountDownLatch(1);
        Thread started = new Thread(() -> run(stop), name);
        stopping = stop;
        thread = started;
        started.start();
    }

    boolean isAlive() {
        Thread current = thread;
        return current != null && current.isAlive();
    }

    private void run(CountDownLatch stop) {
        Class<?> failure = null;
        try {
            while (true) {
                boolean more;
                Duration rest = pause;
                try {
                    more = step.take();
                } catch (IssuanceUnavailableException e) {
                    log.warn(
                            "{} goes on: {} ({})",
                            name,
                            e.getMessage(),
                            String.valueOf(e.getCause()));
                    more = false;
                    rest = longer(pause, PAUSE_AFTER_FAILURE);
                } catch (RuntimeException e) {
                    logFailure(e, failure);
                    failure = e.getClass();
                    more = false;
                    rest = longer(pause, PAUSE_AFTER_FAILURE);
                }
                if (!more) {
                    if (stop.await(rest.toNanos(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In full once, and then in a line, because what is away mostly stays so for a while. */
    private void logFailure(RuntimeException failure, @Nullable Class<?> last) {
        if (failure.getClass().equals(last)) {
            log.error("{} still fails and goes on: {}", name, failure.toString());
        } else {
            log.error("{} failed and goes on", name, failure);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Lets the loop finish what it has to do, without waiting for it. */
    void stop() {
        stopping.countDown();
    }

    /** Waits for the end of a loop that was told to stop, and interrupts it when the time is up. */
    void awaitUntil(Instant end) throws InterruptedException {
        Thread current = thread;
        Duration left = Duration.between(Instant.now(), end);
        if (current != null && !current.join(left.isNegative() ? Duration.ZERO : left)) {
            log.warn("{} is interrupted, because it did not end in time", name);
            current.interrupt();
        }
    }
}
