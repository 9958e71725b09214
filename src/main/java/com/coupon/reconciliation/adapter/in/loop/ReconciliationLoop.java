package com.coupon.reconciliation.adapter.in.loop;

import com.coupon.reconciliation.application.ReconciliationProperties;
import com.coupon.reconciliation.port.in.RunReconciliations;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import net.javacrumbs.shedlock.support.KeepAliveLockProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Executes reconciliations on one node at a time. The node that holds the lock is the only one that
 * runs any; its lock is prolonged as long as it lives, and runs out by itself when it does not, so
 * that another node goes on and ends as failed what it had left unfinished.
 */
@ConsumerRole
final class ReconciliationLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReconciliationLoop.class);

    private static final String LOCK = "reconciliation";
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final RunReconciliations runs;
    private final ReconciliationProperties properties;
    private final JdbcTemplate jdbc;
    private volatile @Nullable Life life;

    ReconciliationLoop(
            RunReconciliations runs, ReconciliationProperties properties, JdbcTemplate jdbc) {
        this.runs = runs;
        this.properties = properties;
        this.jdbc = jdbc;
    }

    @Override
    public void start() {
        var started = new Life();
        life = started;
        started.thread.start();
    }

    @Override
    public void stop() {
        Life running = life;
        life = null;
        if (running != null) {
            running.stop();
        }
    }

    @Override
    public boolean isRunning() {
        return life != null;
    }

    /** From a start to a stop. */
    private final class Life {

        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread = new Thread(this::run, "reconciliation");
        private final ScheduledExecutorService prolonging =
                Executors.newSingleThreadScheduledExecutor(task -> {
                    var prolonger = new Thread(task, "reconciliation-lock");
                    prolonger.setDaemon(true);
                    return prolonger;
                });
        private final LockProvider locks =
                new KeepAliveLockProvider(
                        new JdbcTemplateLockProvider(
                                JdbcTemplateLockProvider.Configuration.builder()
                                        .withJdbcTemplate(jdbc)
                                        .usingDbTime()
                                        .build()),
                        prolonging);

        private void run() {
            try {
                while (!stopped(properties.pollInterval())) {
                    try {
                        turn();
                    } catch (RuntimeException e) {
                        log.warn("Reconciliations cannot be run now: {}", e.toString());
                    }
                }
            } finally {
                prolonging.shutdownNow();
            }
        }

        private void turn() {
            Optional<SimpleLock> lock =
                    locks.lock(
                            new LockConfiguration(
                                    Instant.now(), LOCK, properties.lockAtMost(), Duration.ZERO));
            if (lock.isEmpty()) {
                return;
            }
            try {
                runs.endAbandoned();
                runs.queueScheduled();
                boolean more = true;
                while (more && !stopped(Duration.ZERO)) {
                    more = runs.next(this::stopped);
                }
            } finally {
                lock.get().unlock();
            }
        }

        private boolean stopped(Duration within) {
            try {
                return stopping.await(within.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }

        private void stop() {
            stopping.countDown();
            try {
                if (!thread.join(LONGEST_STOP)) {
                    log.warn("A reconciliation is interrupted, because it did not end in time");
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
