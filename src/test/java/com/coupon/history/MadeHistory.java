package com.coupon.history;

import com.coupon.history.History.Event;
import com.coupon.history.History.Row;
import com.coupon.history.History.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A history of a service that keeps all rules, made from a seed: members who ask again after
 * time-outs and PENDING, requests that have their effect late or after their client gave up,
 * decisions that are lost and void, top-ups, cuts and revocations.
 */
final class MadeHistory {

    private record Step(long moment, long order, Runnable action) {}

    private record Won(long serial, String code) {}

    private final Random random;
    private final HistoryRecorder recorder;
    private final PriorityQueue<Step> agenda =
            new PriorityQueue<>(
                    Comparator.comparingLong(Step::moment).thenComparingLong(Step::order));
    private final Map<String, Won> winners = new HashMap<>();
    private final Map<String, Won> revoked = new HashMap<>();
    private long now;
    private long orders;
    private long capacity;
    private long issued;
    private int expected;

    private MadeHistory(long seed) {
        this.random = new Random(seed);
        this.capacity = random.nextInt(1, 21);
        this.recorder = new HistoryRecorder(capacity);
    }

    static History of(long seed) {
        return new MadeHistory(seed).run();
    }

    private void in(int most, Runnable action) {
        agenda.add(new Step(now + 1 + random.nextInt(most), orders++, action));
    }

    private History run() {
        expected = (int) capacity * 2 + random.nextInt(30);
        for (int number = 0; number < expected; number++) {
            String member = "m" + number;
            in(200, () -> claim(member));
        }
        int acts = random.nextInt(6);
        for (int number = 0; number < acts; number++) {
            in(300, this::act);
        }
        while (!agenda.isEmpty()) {
            Step step = agenda.remove();
            now = step.moment();
            step.action().run();
        }
        winners.forEach((member, won) -> keep(member, won, Status.ISSUED));
        revoked.forEach((member, won) -> keep(member, won, Status.REVOKED));
        return recorder.history(true);
    }

    private void keep(String member, Won won, Status status) {
        recorder.row(new Row(member, won.serial(), won.code(), 1, status));
        recorder.event(new Event(1, won.serial(), member, won.code()));
    }

    private void claim(String member) {
        HistoryRecorder.Asking asking = recorder.claim(member);
        boolean givesUp = random.nextInt(5) == 0;
        if (givesUp) {
            in(
                    10,
                    () -> {
                        asking.answered(new Answer.Unknown("timeout"));
                        in(20, () -> claim(member));
                    });
        }
        in(
                20,
                () -> {
                    Answer answer = decide(member);
                    if (!givesUp) {
                        in(
                                20,
                                () -> {
                                    asking.answered(answer);
                                    if (!answer.isFinal()) {
                                        in(20, () -> claim(member));
                                    } else if (random.nextInt(3) == 0) {
                                        in(40, () -> find(member));
                                    }
                                });
                    }
                });
    }

    private void find(String member) {
        HistoryRecorder.Asking asking = recorder.find(member);
        in(
                10,
                () -> {
                    Answer answer = tell(member);
                    in(10, () -> asking.answered(answer == null ? new Answer.NoClaim() : answer));
                });
    }

    private @Nullable Answer tell(String member) {
        if (revoked.containsKey(member)) {
            return new Answer.Revoked();
        }
        Won won = winners.get(member);
        return won == null ? null : new Answer.AlreadyIssued(won.serial(), won.code());
    }

    private Answer decide(String member) {
        Answer known = tell(member);
        if (known != null) {
            return known;
        }
        if (issued >= capacity) {
            return new Answer.SoldOut();
        }
        issued++;
        var won = new Won(issued, "c" + issued + "-" + orders);
        int fate = random.nextInt(12);
        if (fate <= 1) {
            // lost with a server and fenced, in one of two cases after it was published
            recorder.voided(issued);
            if (fate == 1) {
                var late = new Event(1, issued, member, won.code());
                recorder.event(late);
                recorder.deadLetter(late);
            }
            return new Answer.Unknown("recovering");
        }
        winners.put(member, won);
        return fate <= 3 ? new Answer.Pending() : new Answer.Issued(won.serial(), won.code());
    }

    private void act() {
        switch (random.nextInt(3)) {
            case 0 -> {
                long delta = random.nextInt(1, 6);
                HistoryRecorder.Acting acting = recorder.adjust(delta);
                in(
                        10,
                        () -> {
                            capacity += delta;
                            in(10, acting::done);
                        });
            }
            case 1 -> {
                HistoryRecorder.Acting acting = recorder.adjust(-1);
                in(
                        10,
                        () -> {
                            boolean possible = capacity > issued && capacity > 1;
                            capacity -= possible ? 1 : 0;
                            in(10, possible ? acting::done : acting::refused);
                        });
            }
            default -> {
                List<String> names = new ArrayList<>(winners.keySet());
                if (!names.isEmpty()) {
                    revoke(names.get(random.nextInt(names.size())));
                }
            }
        }
        // somebody has to come for what was added
        String late = "m" + expected++;
        in(100, () -> claim(late));
    }

    private void revoke(String member) {
        Won won = winners.get(member);
        if (won == null) {
            return;
        }
        HistoryRecorder.Acting acting = recorder.revoke(won.serial(), true);
        in(
                10,
                () -> {
                    Won taken = winners.remove(member);
                    if (taken != null) {
                        revoked.put(member, taken);
                        capacity++;
                    }
                    in(10, taken == null ? acting::refused : acting::done);
                });
    }
}
