package com.coupon.faults;

import com.coupon.history.Answer;
import com.coupon.history.Ask;
import com.coupon.history.History;
import com.coupon.history.History.Event;
import com.coupon.history.History.Row;
import com.coupon.history.HistoryCheck;
import com.coupon.history.HistoryRecorder;
import com.coupon.history.Rule;
import com.coupon.history.Violation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run: a campaign of its own, members who come for about three seconds, a fault while they do,
 * then the wait until the ledger is complete, and the check of all that was seen.
 */
final class Trial {

    private static final Duration ARRIVALS = Duration.ofSeconds(3);

    private final Stage stage;
    private final Fault fault;
    private final long seed;
    private final @Nullable Control control;
    private final Duration patience;
    private final Random random;
    private final int quantity;
    private final int count;
    private final String campaign;
    private final HistoryRecorder recorder;
    private final Members members;
    private final Scene scene;
    private @Nullable History history;
    private boolean isFinished;

    Trial(Stage stage, Fault fault, long seed, @Nullable Control control, Duration patience) {
        this.stage = stage;
        this.fault = fault;
        this.seed = seed;
        this.control = control;
        this.patience = patience;
        this.random = new Random(seed);
        this.quantity = random.nextInt(60, 200);
        this.count = quantity * random.nextInt(2, 5);
        this.campaign =
                "f" + seed + "-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        this.recorder = new HistoryRecorder(quantity, System::nanoTime);
        this.members =
                new Members(
                        stage.http(),
                        stage.apis().stream().map(ApplicationNode::url).toList(),
                        campaign,
                        recorder);
        this.scene = new Scene(stage, campaign, members, random);
    }

    /** What clients saw and the ledger holds, once it has run. */
    History history() {
        return Objects.requireNonNull(history);
    }

    /** Whether the run came to its end; where it did not, the stage may be in any state. */
    boolean isFinished() {
        return isFinished;
    }

    /** Runs it, and says what came of it, even where it could not come to its end. */
    Result run() throws InterruptedException {
        try {
            Result result = perform();
            isFinished = true;
            return result;
        } catch (IOException | SQLException | RuntimeException e) {
            members.stop();
            history = recorder.history(false);
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return result(
                    history, null, List.of("The run did not come to its end: " + trace), 0, 0, 0);
        }
    }

    private Result perform() throws IOException, InterruptedException, SQLException {
        stage.operator().createAndOpen(campaign, quantity);
        members.come(count, ARRIVALS, random);
        scene.hold(50, (int) ARRIVALS.toMillis() * quantity / count);
        fault.strike(scene);
        stage.mend();
        long healed = System.nanoTime();
        Long converged = converge(healed);
        members.stop();
        long known = System.nanoTime();
        stage.awaitNodes();
        askAgain();
        // What came late is on its way to the ledger or the dead letters
        Long atRest = converge(System.nanoTime());
        History seen = read();
        history = seen;
        stage.retire(campaign);
        return judge(seen, healed, converged, known, atRest != null);
    }

    /**
     * Waits until everybody knows and the ledger is complete; says when the ledger was, or null if
     * never.
     */
    private @Nullable Long converge(long healed) {
        long end = healed + patience.toNanos();
        Long complete = null;
        while (System.nanoTime() < end) {
            try {
                if (!isComplete()) {
                    complete = null;
                } else if (complete == null) {
                    complete = System.nanoTime();
                } else if (members.allKnow()) {
                    return complete;
                }
            } catch (RuntimeException | SQLException e) {
                // A server is not back yet
            }
            Pause.millis(50);
        }
        return null;
    }

    private boolean isComplete() throws SQLException {
        if (stage.redis().call(scene.key("outbox"), jedis -> jedis.xlen(scene.key("outbox"))) > 0) {
            return false;
        }
        List<Row> rows = stage.database().rows(campaign);
        if (rows.size() + stage.database().voids(campaign).size() < quantity) {
            return false;
        }
        stage.topics().read();
        // A rebuild may record a coupon in a later epoch than the one it was published in
        Set<Event> kept = new HashSet<>();
        dead().forEach(event -> kept.add(withoutEpoch(event)));
        rows.forEach(row -> kept.add(new Event(0, row.serial(), row.member(), row.code())));
        return stage.topics().issued(campaign).stream()
                        .map(Trial::withoutEpoch)
                        .allMatch(kept::contains)
                && stage.topics().deadPoison(campaign) == scene.poison();
    }

    private static Event withoutEpoch(Event event) {
        return new Event(0, event.serial(), event.member(), event.code());
    }

    private List<Event> dead() throws SQLException {
        List<Event> dead = new ArrayList<>(stage.topics().dead(campaign));
        dead.addAll(stage.database().deadLetters(campaign));
        return dead;
    }

    /** Whoever was told yes asks once more what he has, and claims once more. */
    private void askAgain() {
        Set<String> winners = new HashSet<>();
        for (Ask ask : recorder.history(false).asks()) {
            if (ask.answer() instanceof Answer.Yes) {
                winners.add(ask.member());
            }
        }
        winners.parallelStream()
                .forEach(winner -> {
                    Answer found = members.find(winner);
                    for (int again = 0; again < 10 && !found.isFinal(); again++) {
                        Pause.millis(100);
                        found = members.find(winner);
                    }
                    members.claim(winner);
                });
    }

    private History read() throws SQLException {
        stage.database().rows(campaign).forEach(recorder::row);
        stage.database().voids(campaign).forEach(recorder::voided);
        dead().forEach(recorder::deadLetter);
        stage.topics().issued(campaign).forEach(recorder::event);
        return recorder.history(true);
    }

    private Result judge(
            History seen, long healed, @Nullable Long converged, long known, boolean isAtRest) {
        List<Violation> violations = HistoryCheck.violations(seen);
        List<String> sentences =
                new ArrayList<>(violations.stream().map(Object::toString).toList());
        seen.asks().stream()
                .filter(ask -> ask.answer() instanceof Answer.Refused)
                .limit(3)
                .forEach(ask -> sentences.add("The campaign was open: " + ask));
        if (!isAtRest) {
            sentences.add(
                    "Events were still on their way %d s after everybody knew; they may be late and not lost"
                            .formatted(patience.toSeconds()));
        }
        if (converged == null) {
            sentences.add(
                    "Not complete %d s after the fault: %d rows, %d void, %d coupons; all members know: %s"
                            .formatted(
                                    patience.toSeconds(),
                                    seen.rows().size(),
                                    seen.voids().size(),
                                    quantity,
                                    members.allKnow()));
        }
        return result(
                seen,
                converged == null ? null : Math.max(0, millis(converged - healed)),
                sentences,
                count(violations, Rule.NO_FALSE_YES),
                count(violations, Rule.NEVER_MORE_THAN_THERE_ARE),
                pauseMillis(seen, scene.struckNanos(), known));
    }

    private Result result(
            History seen,
            @Nullable Long convergedMillis,
            List<String> violations,
            int lost,
            int oversold,
            long pauseMillis) {
        return new Result(
                fault.label(),
                FaultOptions.label(stage.topology()),
                seed,
                control == null ? null : control.label(),
                quantity,
                count,
                acknowledged(seen),
                seen.rows().size(),
                seen.voids().size(),
                lost,
                oversold,
                violations.size() - lost - oversold,
                pauseMillis,
                scene.electedNanos() == 0
                        ? null
                        : millis(scene.electedNanos() - scene.struckNanos()),
                convergedMillis,
                violations);
    }

    private static int count(List<Violation> violations, Rule rule) {
        return (int) violations.stream().filter(one -> one.rule() == rule).count();
    }

    private static int acknowledged(History seen) {
        return (int)
                seen.asks().stream()
                        .filter(ask -> ask.answer() instanceof Answer.Yes)
                        .map(Ask::member)
                        .distinct()
                        .count();
    }

    /** From the fault to the first definite answer after the last one that was not. */
    private static long pauseMillis(History seen, long struck, long end) {
        List<Ask> answered =
                seen.asks().stream()
                        .filter(ask -> ask.answered() > struck && ask.answered() < end)
                        .sorted(Comparator.comparingLong(Ask::answered))
                        .toList();
        long firstAfter = struck;
        boolean isPaused = false;
        for (Ask ask : answered) {
            if (!ask.answer().isFinal()) {
                isPaused = true;
            } else if (isPaused) {
                isPaused = false;
                firstAfter = ask.answered();
            }
        }
        return millis(isPaused ? end - struck : firstAfter - struck);
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    /** Writes down all that is known of a run that broke a rule, and the logs up to now. */
    Path keep(Path folder, Result result) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(result.violations());
        lines.add("struck at " + scene.struckNanos());
        history().lines().forEach(lines::add);
        Path kept = folder.resolve(campaign + "-" + fault.label());
        Files.createDirectories(kept);
        stage.copyLogs(kept);
        return Files.write(kept.resolve("history.txt"), lines);
    }
}
