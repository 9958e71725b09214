package com.coupon.history;

import com.coupon.history.History.Event;
import com.coupon.history.History.Row;
import com.coupon.history.History.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One thing is changed, so that one rule, perhaps among others, does not hold any more. */
enum Corruption {
    A_TOLD_WINNER_IS_MISSING(
            Rule.NO_FALSE_YES,
            (history, random) -> {
                Row row = pick(told(history), random);
                return row == null ? null : with(history, without(history.rows(), row));
            }),
    A_ROW_HAS_ANOTHER_CODE(
            Rule.NO_FALSE_YES,
            (history, random) -> {
                Row row = pick(told(history), random);
                return row == null
                        ? null
                        : with(
                                history,
                                replaced(
                                        history.rows(),
                                        row,
                                        new Row(
                                                row.member(),
                                                row.serial(),
                                                "changed",
                                                row.epoch(),
                                                row.status())));
            }),
    A_SERIAL_IS_ISSUED_TWICE(
            Rule.NEVER_MORE_THAN_THERE_ARE,
            (history, random) -> {
                Row row = pick(history.rows(), random);
                return row == null
                        ? null
                        : with(
                                history,
                                added(
                                        history.rows(),
                                        new Row("m0", row.serial(), "new", 1, Status.ISSUED)));
            }),
    A_SERIAL_IS_BEYOND_THE_STOCK(
            Rule.NEVER_MORE_THAN_THERE_ARE,
            (history, random) ->
                    with(
                            history,
                            added(history.rows(), new Row("m0", 1_000, "new", 1, Status.ISSUED)))),
    A_LATECOMER_IS_SERVED_FIRST(
            Rule.FIRST_COME_FIRST_SERVED,
            (history, random) -> {
                // somebody wins serial 1 after all others have heard
                Row first =
                        history.rows().stream()
                                .filter(row -> row.serial() == 1)
                                .findFirst()
                                .orElse(null);
                List<Row> others = told(history).stream().filter(row -> row.serial() > 1).toList();
                if (first == null || others.isEmpty()) {
                    return null;
                }
                long end = end(history);
                List<Ask> asks = new ArrayList<>(history.asks());
                asks.removeIf(ask -> ask.member().equals(first.member()));
                asks.add(
                        new Ask(
                                first.member(),
                                Ask.Question.CLAIM,
                                end + 1,
                                end + 2,
                                new Answer.Issued(1, first.code())));
                return withAsks(history, asks);
            }),
    SOLD_OUT_IS_SAID_FIRST(
            Rule.NO_FALSE_NO,
            (history, random) ->
                    withAsks(
                            history,
                            added(
                                    history.asks(),
                                    new Ask(
                                            "early",
                                            Ask.Question.CLAIM,
                                            -2,
                                            -1,
                                            new Answer.SoldOut())))),
    A_LOSER_HAS_A_COUPON(
            Rule.NO_FALSE_NO,
            (history, random) -> {
                Row first =
                        history.rows().stream()
                                .filter(row -> row.serial() == 1)
                                .findFirst()
                                .orElse(null);
                return first == null
                        ? null
                        : withAsks(
                                history,
                                added(
                                        history.asks(),
                                        new Ask(
                                                first.member(),
                                                Ask.Question.CLAIM,
                                                end(history) + 1,
                                                end(history) + 2,
                                                new Answer.SoldOut())));
            }),
    A_COUPON_IS_NOT_HANDED_OUT(
            Rule.ALL_ARE_HANDED_OUT,
            (history, random) -> {
                Row row = pick(history.rows(), random);
                if (row == null) {
                    return null;
                }
                // Its owner and one more hear SOLD_OUT in the end.
                List<Ask> asks = new ArrayList<>(history.asks());
                long end = end(history);
                for (int number = 0; number <= history.rows().size() + 50; number++) {
                    asks.add(
                            new Ask(
                                    "late" + number,
                                    Ask.Question.CLAIM,
                                    end + 1,
                                    end + 2,
                                    new Answer.SoldOut()));
                }
                return with(withAsks(history, asks), without(history.rows(), row));
            }),
    A_WINNER_IS_TOLD_NO_CLAIM(
            Rule.SAME_ANSWER_AGAIN,
            (history, random) -> {
                Row row = pick(told(history), random);
                return row == null
                        ? null
                        : withAsks(
                                history,
                                added(
                                        history.asks(),
                                        new Ask(
                                                row.member(),
                                                Ask.Question.FIND,
                                                end(history) + 1,
                                                end(history) + 2,
                                                new Answer.NoClaim())));
            }),
    A_WINNER_IS_TOLD_ANOTHER_CODE(
            Rule.SAME_ANSWER_AGAIN,
            (history, random) -> {
                Row row = pick(told(history), random);
                return row == null
                        ? null
                        : withAsks(
                                history,
                                added(
                                        history.asks(),
                                        new Ask(
                                                row.member(),
                                                Ask.Question.FIND,
                                                end(history) + 1,
                                                end(history) + 2,
                                                new Answer.AlreadyIssued(
                                                        row.serial(), "changed"))));
            }),
    A_REVOKED_COUPON_IS_TOLD(
            Rule.SAME_ANSWER_AGAIN,
            (history, random) -> {
                Row row =
                        pick(
                                history.rows().stream()
                                        .filter(one -> one.status() == Status.REVOKED)
                                        .toList(),
                                random);
                return row == null
                        ? null
                        : withAsks(
                                history,
                                added(
                                        history.asks(),
                                        new Ask(
                                                row.member(),
                                                Ask.Question.CLAIM,
                                                end(history) + 1,
                                                end(history) + 2,
                                                new Answer.AlreadyIssued(
                                                        row.serial(), row.code()))));
            }),
    AN_EVENT_IS_LOST(
            Rule.NO_EVENT_IS_LOST,
            (history, random) -> {
                Event event = pick(history.events(), random);
                return event == null
                        ? null
                        : new History(
                                history.quantity(),
                                history.asks(),
                                history.acts(),
                                history.rows().stream()
                                        .filter(row -> row.serial() != event.serial())
                                        .toList(),
                                history.voids(),
                                List.of(),
                                history.events(),
                                true);
            });

    private final Rule rule;

    // The functions hold nothing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final BiFunction<History, Random, @Nullable History> change;

    Corruption(Rule rule, BiFunction<History, Random, @Nullable History> change) {
        this.rule = rule;
        this.change = change;
    }

    /** The rule that does not hold any more. */
    Rule rule() {
        return rule;
    }

    /** The changed history, or null where it has nothing that could be changed so. */
    @Nullable History corrupt(History history, Random random) {
        return change.apply(history, random);
    }

    private static <T> @Nullable T pick(List<T> all, Random random) {
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    /** Rows whose members were told yes. */
    private static List<Row> told(History history) {
        Set<String> members =
                Set.copyOf(
                        history.asks().stream()
                                .filter(ask -> ask.answer() instanceof Answer.Yes)
                                .map(Ask::member)
                                .toList());
        return history.rows().stream().filter(row -> members.contains(row.member())).toList();
    }

    private static long end(History history) {
        return history.asks().size() * 10L + 10_000;
    }

    private static <T> List<T> added(List<T> all, T one) {
        List<T> more = new ArrayList<>(all);
        more.add(one);
        return more;
    }

    private static <T> List<T> without(List<T> all, T one) {
        List<T> fewer = new ArrayList<>(all);
        fewer.remove(one);
        return fewer;
    }

    private static <T> List<T> replaced(List<T> all, T one, T other) {
        return added(without(all, one), other);
    }

    private static History with(History history, List<Row> rows) {
        return new History(
                history.quantity(),
                history.asks(),
                history.acts(),
                rows,
                history.voids(),
                history.deadLetters(),
                history.events(),
                true);
    }

    private static History withAsks(History history, List<Ask> asks) {
        return new History(
                history.quantity(),
                asks,
                history.acts(),
                history.rows(),
                history.voids(),
                history.deadLetters(),
                history.events(),
                true);
    }
}
