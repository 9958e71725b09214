package com.coupon.history;

import com.coupon.history.Ask.Question;
import com.coupon.history.History.Event;
import com.coupon.history.History.Row;
import com.coupon.history.History.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a history against the {@linkplain Rule rules}. What it reports is certainly wrong; what a
 * client does not know (no answer, PENDING, 503) may have happened at any time after it was sent,
 * and is held against nobody. It takes O(n log n).
 *
 * <p>What it goes by, per member:
 *
 * <ul>
 *   <li>A coupon was decided <em>before</em> any yes that tells of it was received.
 *   <li>It was decided <em>after</em> the first claim of the member was sent; where a claim was
 *       answered ISSUED, after that very claim was sent, since a repeat is answered ALREADY_ISSUED.
 * </ul>
 *
 * and of a SOLD_OUT: at some moment between its sending and its answer everything that was in stock
 * was gone. The stock was then at least the quantity, plus what had been confirmed to be added
 * before the sending, less whatever may have been taken away before the answer.
 */
public final class HistoryCheck {

    private static final long ALWAYS = Long.MIN_VALUE;

    private final History history;
    private final List<Violation> violations = new ArrayList<>();
    private final List<Ask> asks;
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<Long, Row> rowOfSerial = new HashMap<>();
    private final Map<Long, Long> epochOfSerial = new HashMap<>();
    private final Revocations revocations;
    private final Stock stock;

    private HistoryCheck(History history) {
        this.history = history;
        this.asks = history.asks().stream().sorted(Comparator.comparingLong(Ask::sent)).toList();
        this.revocations = new Revocations(history.acts());
        this.stock = new Stock(history.quantity(), history.acts());
        for (Ask ask : asks) {
            member(ask.member()).add(ask);
        }
        for (Row row : history.rows()) {
            rowOfSerial.putIfAbsent(row.serial(), row);
            Member member = member(row.member());
            member.row = member.row == null ? row : member.row;
        }
        for (Event event : history.events()) {
            Row row = rowOfSerial.get(event.serial());
            if (row != null
                    && row.member().equals(event.member())
                    && row.code().equals(event.code())) {
                epochOfSerial.merge(event.serial(), event.epoch(), Math::min);
            }
        }
    }

    /** All that does not fit, or nothing. */
    public static List<Violation> violations(History history) {
        var check = new HistoryCheck(history);
        check.noFalseYes();
        check.neverMoreThanThereAre();
        check.firstComeFirstServed();
        check.noFalseNo();
        check.allAreHandedOut();
        check.sameAnswerAgain();
        check.noEventIsLost();
        return List.copyOf(check.violations);
    }

    /** What a member did and heard. */
    private static final class Member {

        private final String name;
        private long firstClaim = History.NEVER;
        private long claimThatWon = History.NEVER;
        private long firstYes = History.NEVER;
        private long firstRevoked = History.NEVER;
        private Answer.@Nullable Yes told;
        private @Nullable Ask lastClaim;
        private @Nullable Row row;

        Member(String name) {
            this.name = name;
        }

        /** Asks come in the order of their sending. */
        void add(Ask ask) {
            if (ask.question() == Question.CLAIM) {
                firstClaim = Math.min(firstClaim, ask.sent());
                lastClaim = ask;
            }
            if (ask.answer() instanceof Answer.Yes yes) {
                if (ask.answered() < firstYes) {
                    firstYes = ask.answered();
                    told = yes;
                }
                if (yes instanceof Answer.Issued) {
                    claimThatWon = Math.min(claimThatWon, ask.sent());
                }
            } else if (ask.answer() instanceof Answer.Revoked) {
                firstRevoked = Math.min(firstRevoked, ask.answered());
            }
        }

        boolean hasClaimed() {
            return firstClaim != History.NEVER;
        }

        /** A moment before his coupon was decided, the latest that is certain. */
        long decidedAfter() {
            if (claimThatWon != History.NEVER) {
                return claimThatWon;
            }
            return hasClaimed() ? firstClaim : ALWAYS;
        }

        /** 0 if he has won nothing that is known. */
        long serial() {
            if (row != null) {
                return row.serial();
            }
            return told == null ? 0 : told.serial();
        }
    }

    private Member member(String name) {
        return members.computeIfAbsent(name, Member::new);
    }

    private void violated(Rule rule, String sentence) {
        violations.add(new Violation(rule, sentence));
    }

    private void noFalseYes() {
        for (Member member : members.values()) {
            Answer.Yes told = member.told;
            if (told == null) {
                continue;
            }
            Row row = member.row;
            Row rival = rowOfSerial.get(told.serial());
            if (row != null) {
                if (row.serial() != told.serial() || !row.code().equals(told.code())) {
                    violated(
                            Rule.NO_FALSE_YES,
                            "%s was told %s, but has %s".formatted(member.name, told, row));
                }
            } else if (rival != null) {
                violated(
                        Rule.NO_FALSE_YES,
                        "%s was told %s, but it is the coupon of %s"
                                .formatted(member.name, told, rival.member()));
            } else if (history.settled()) {
                violated(
                        Rule.NO_FALSE_YES,
                        "%s was told %s at %d and has no row"
                                .formatted(member.name, told, member.firstYes));
            }
        }
    }

    private void neverMoreThanThereAre() {
        long most = stock.most();
        if (history.rows().size() > most) {
            violated(
                    Rule.NEVER_MORE_THAN_THERE_ARE,
                    "%d rows of %d coupons".formatted(history.rows().size(), most));
        }
        Set<String> owners = new HashSet<>();
        Set<Long> serials = new HashSet<>();
        Set<String> codes = new HashSet<>();
        for (Row row : history.rows()) {
            if (!owners.add(row.member())) {
                violated(
                        Rule.NEVER_MORE_THAN_THERE_ARE,
                        "a second row of the member: %s".formatted(row));
            }
            if (!serials.add(row.serial())) {
                violated(
                        Rule.NEVER_MORE_THAN_THERE_ARE,
                        "a second row of the serial: %s".formatted(row));
            }
            if (!codes.add(row.code())) {
                violated(
                        Rule.NEVER_MORE_THAN_THERE_ARE,
                        "a second row of the code: %s".formatted(row));
            }
            if (row.serial() < 1 || row.serial() > most) {
                violated(Rule.NEVER_MORE_THAN_THERE_ARE, "of %d coupons: %s".formatted(most, row));
            }
            if (history.voids().contains(row.serial())) {
                violated(Rule.NEVER_MORE_THAN_THERE_ARE, "void, and has a row: %s".formatted(row));
            }
            if (!member(row.member()).hasClaimed()) {
                violated(Rule.NEVER_MORE_THAN_THERE_ARE, "never claimed: %s".formatted(row));
            }
        }
        for (long serial : history.voids()) {
            if (serial < 1 || serial > most) {
                violated(
                        Rule.NEVER_MORE_THAN_THERE_ARE,
                        "of %d coupons, %d is void".formatted(most, serial));
            }
        }
    }

    private void firstComeFirstServed() {
        List<Member> winners =
                members.values().stream().filter(member -> member.serial() > 0).toList();
        List<Member> byYes =
                winners.stream()
                        .filter(member -> member.told != null)
                        .sorted(Comparator.comparingLong(member -> member.firstYes))
                        .toList();
        List<Member> byClaim =
                winners.stream().sorted(Comparator.comparingLong(Member::decidedAfter)).toList();
        int next = 0;
        Member highest = null;
        for (Member later : byClaim) {
            while (next < byYes.size() && byYes.get(next).firstYes < later.decidedAfter()) {
                Member earlier = byYes.get(next);
                highest =
                        highest == null || earlier.serial() > highest.serial() ? earlier : highest;
                next++;
            }
            if (highest != null && later.serial() < highest.serial()) {
                violated(
                        Rule.FIRST_COME_FIRST_SERVED,
                        "%s heard at %d of serial %d, %s claimed after that, at %d, and has %d"
                                .formatted(
                                        highest.name,
                                        highest.firstYes,
                                        highest.serial(),
                                        later.name,
                                        later.decidedAfter(),
                                        later.serial()));
            }
        }
    }

    private void noFalseNo() {
        if (asks.stream().noneMatch(ask -> ask.answer() instanceof Answer.SoldOut)) {
            return;
        }
        var decisions = new Decisions();
        long[] claims =
                asks.stream().filter(HistoryCheck::mayHaveDecided).mapToLong(Ask::sent).toArray();
        for (Ask ask : asks) {
            if (ask.answer() instanceof Answer.SoldOut) {
                int inStock = (int) stock.leastBetween(ask.sent(), ask.answered());
                decisions.mustHaveTaken(inStock, ask);
                if (below(claims, ask.answered()) < inStock) {
                    violated(
                            Rule.NO_FALSE_NO,
                            "%s was told SOLD_OUT at %d, after fewer claims than the %d coupons"
                                    .formatted(ask.member(), ask.answered(), inStock));
                }
                long serial = member(ask.member()).serial();
                if (serial > 0 && serial <= inStock && !cameLate(member(ask.member()).row)) {
                    violated(
                            Rule.NO_FALSE_NO,
                            "%s was told SOLD_OUT at %d of %d coupons and has serial %d"
                                    .formatted(ask.member(), ask.answered(), inStock, serial));
                }
            }
        }
    }

    /**
     * Whether a coupon that Redis had lost was recorded from an event of an epoch that was over.
     * Its serial was void by then, so the no was true when it was told.
     */
    private boolean cameLate(@Nullable Row row) {
        return row != null && row.epoch() > epochOfSerial.getOrDefault(row.serial(), row.epoch());
    }

    /** Whether a coupon may have been issued to this very request. */
    private static boolean mayHaveDecided(Ask ask) {
        return ask.question() == Question.CLAIM
                && (ask.answer() instanceof Answer.Yes || !ask.answer().isFinal());
    }

    /** When each serial was decided, at the earliest. */
    private final class Decisions {

        /** For each serial, the one up to there that was decided last; serials of nobody aside. */
        private final int[] last;

        private final long[] after;

        /** For each serial, how many up to there nobody is known to have. */
        private final int[] unknown;

        /** When those of whom no coupon is known claimed first. */
        private final long[] others;

        Decisions() {
            int most = Math.toIntExact(stock.highest());
            last = new int[most + 1];
            after = new long[most + 1];
            unknown = new int[most + 1];
            Arrays.fill(after, History.NEVER);
            after[0] = ALWAYS;
            for (long serial : history.voids()) {
                note(serial, ALWAYS);
            }
            for (Member member : members.values()) {
                note(member.serial(), member.decidedAfter());
            }
            for (int serial = 1; serial <= most; serial++) {
                boolean known = after[serial] != History.NEVER;
                unknown[serial] = unknown[serial - 1] + (known ? 0 : 1);
                int before = last[serial - 1];
                last[serial] = known && after[serial] > after[before] ? serial : before;
            }
            others =
                    members.values().stream()
                            .filter(member -> member.serial() == 0 && member.hasClaimed())
                            .mapToLong(member -> member.firstClaim)
                            .sorted()
                            .toArray();
        }

        private void note(long serial, long moment) {
            if (serial >= 1 && serial < after.length) {
                after[(int) serial] = Math.min(after[(int) serial], moment);
            }
        }

        /** Checks that so many coupons may have been decided when SOLD_OUT was received. */
        void mustHaveTaken(int coupons, Ask ask) {
            int latest = last[coupons];
            if (after[latest] >= ask.answered()) {
                violated(
                        Rule.NO_FALSE_NO,
                        "%s was told SOLD_OUT at %d, but serial %d of %d was claimed at %d"
                                .formatted(
                                        ask.member(),
                                        ask.answered(),
                                        latest,
                                        coupons,
                                        after[latest]));
            }
            int missing = unknown[coupons];
            int candidates = history.settled() ? 0 : below(others, ask.answered());
            if (missing > candidates) {
                violated(
                        Rule.NO_FALSE_NO,
                        "%s was told SOLD_OUT at %d, but of %d coupons nobody can have %d"
                                .formatted(
                                        ask.member(),
                                        ask.answered(),
                                        coupons,
                                        missing - candidates));
            }
        }
    }

    private void allAreHandedOut() {
        if (!history.settled() || history.acts().stream().anyMatch(HistoryCheck::isOpen)) {
            return;
        }
        long lastAct = history.acts().stream().mapToLong(Act::done).max().orElse(ALWAYS);
        long demand = members.values().stream().filter(member -> knows(member, lastAct)).count();
        long coupons = stock.most();
        Set<Long> gone = new HashSet<>(history.voids());
        history.rows().forEach(row -> gone.add(row.serial()));
        if (demand >= coupons && gone.size() < coupons) {
            violated(
                    Rule.ALL_ARE_HANDED_OUT,
                    "%d members claimed until they knew, and of %d coupons %d are issued or void"
                            .formatted(demand, coupons, gone.size()));
        }
    }

    private static boolean isOpen(Act act) {
        return act.done() == History.NEVER;
    }

    /** Whether it is for want of coupons alone that a member has none. */
    private static boolean knows(Member member, long lastAct) {
        if (member.row != null) {
            return true;
        }
        Ask last = member.lastClaim;
        return last != null && last.answer() instanceof Answer.SoldOut && last.sent() > lastAct;
    }

    private void sameAnswerAgain() {
        for (Ask ask : asks) {
            Member member = member(ask.member());
            switch (ask.answer()) {
                case Answer.Yes yes -> {
                    Answer.Yes told = member.told;
                    if (told != null
                            && (yes.serial() != told.serial() || !yes.code().equals(told.code()))) {
                        changed(ask, "having been told " + told);
                    }
                    if (revocations.doneBefore(yes.serial(), ask.sent())) {
                        changed(ask, "though the coupon had been revoked");
                    } else if (member.firstRevoked < ask.sent()) {
                        changed(ask, "having been told REVOKED");
                    }
                }
                case Answer.Revoked _ -> {
                    long serial = member.serial();
                    if (serial == 0 ? history.settled() : !mayBeRevoked(serial, ask.answered())) {
                        changed(ask, "though nobody had revoked serial " + serial);
                    }
                }
                case Answer.SoldOut _, Answer.NoClaim _, Answer.Refused _ -> {
                    if (member.told != null && member.firstYes < ask.sent()) {
                        changed(ask, "having been told " + member.told);
                    } else if (member.firstRevoked < ask.sent()) {
                        changed(ask, "having been told REVOKED");
                    }
                }
                case Answer.Pending _, Answer.Archived _, Answer.Unknown _ -> {}
            }
        }
        for (Row row : history.rows()) {
            if (row.status() == Status.REVOKED && !mayBeRevoked(row.serial(), History.NEVER)) {
                violated(Rule.SAME_ANSWER_AGAIN, "nobody had revoked %s".formatted(row));
            }
            if (row.status() == Status.ISSUED
                    && history.settled()
                    && revocations.doneBefore(row.serial(), History.NEVER)) {
                violated(Rule.SAME_ANSWER_AGAIN, "revoked, but the ledger says %s".formatted(row));
            }
        }
    }

    private boolean mayBeRevoked(long serial, long moment) {
        return revocations.sentBefore(serial, moment);
    }

    private void changed(Ask ask, String why) {
        violated(
                Rule.SAME_ANSWER_AGAIN,
                "%s asked at %d and was told %s at %d, %s"
                        .formatted(ask.member(), ask.sent(), ask.answer(), ask.answered(), why));
    }

    private void noEventIsLost() {
        if (!history.settled()) {
            return;
        }
        Set<Event> dead = new HashSet<>(history.deadLetters());
        for (Event event : new HashSet<>(history.events())) {
            Row row = rowOfSerial.get(event.serial());
            boolean recorded =
                    row != null
                            && row.member().equals(event.member())
                            && row.code().equals(event.code());
            if (!recorded && !dead.contains(event)) {
                violated(
                        Rule.NO_EVENT_IS_LOST,
                        "%s is neither in the ledger nor among the dead letters".formatted(event));
            }
        }
    }

    /** How many of the sorted numbers are smaller. */
    private static int below(long[] sorted, long bound) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** When coupons were taken back. */
    private static final class Revocations {

        private final Map<Long, Long> sent = new HashMap<>();
        private final Map<Long, Long> done = new HashMap<>();

        Revocations(List<Act> acts) {
            for (Act act : acts) {
                if (act.revoked() > 0) {
                    sent.merge(act.revoked(), act.sent(), Math::min);
                    done.merge(act.revoked(), act.done(), Math::min);
                }
            }
        }

        boolean sentBefore(long serial, long moment) {
            return sent.getOrDefault(serial, History.NEVER) < moment;
        }

        boolean doneBefore(long serial, long moment) {
            return done.getOrDefault(serial, History.NEVER) < moment;
        }
    }

    /** How many coupons there were, when. */
    private static final class Stock {

        private final long quantity;
        private final Steps added;
        private final Steps taken;
        private final long everAdded;
        private final long surelyTaken;

        Stock(long quantity, List<Act> acts) {
            this.quantity = quantity;
            List<Act> more = acts.stream().filter(act -> act.delta() > 0).toList();
            List<Act> fewer = acts.stream().filter(act -> act.delta() < 0).toList();
            this.added = new Steps(more.stream().map(act -> new Step(act.done(), act.delta())));
            this.taken = new Steps(fewer.stream().map(act -> new Step(act.sent(), -act.delta())));
            this.everAdded = more.stream().mapToLong(Act::delta).sum();
            this.surelyTaken =
                    fewer.stream().filter(act -> !isOpen(act)).mapToLong(act -> -act.delta()).sum();
        }

        /** In the end, at most: no cut goes below what is issued. */
        long most() {
            return quantity + everAdded - surelyTaken;
        }

        /** Of all that {@link #leastBetween} may say. */
        long highest() {
            return quantity + everAdded;
        }

        /** At every moment from one to the other, at least. */
        long leastBetween(long start, long end) {
            return Math.max(0, quantity + added.before(start) - taken.before(end));
        }
    }

    private record Step(long moment, long coupons) {}

    /** What had come together before a moment. */
    private static final class Steps {

        private final long[] moments;
        private final long[] sums;

        Steps(Stream<Step> steps) {
            List<Step> sorted = steps.sorted(Comparator.comparingLong(Step::moment)).toList();
            moments = sorted.stream().mapToLong(Step::moment).toArray();
            sums = new long[moments.length + 1];
            for (int i = 0; i < moments.length; i++) {
                sums[i + 1] = sums[i] + sorted.get(i).coupons();
            }
        }

        long before(long moment) {
            return sums[below(moments, moment)];
        }
    }
}
