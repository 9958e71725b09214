package com.coupon.crowd;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the members were told, and what the ledger says, is what had to come out.
 *
 * @param name what has to hold
 * @param holds whether it does
 * @param sentence what was found
 */
public record LedgerCheck(String name, boolean holds, String sentence) {

    /**
     * Reads the ledger, which follows the answers at some distance, until it has stopped growing at
     * no fewer rows than there are winners, and checks the tally against it.
     *
     * @param coupons the quantity of the campaign
     * @param within how long the ledger may take to catch up; after that it is taken as it is
     */
    public static List<LedgerCheck> of(
            Tally tally, URI url, String campaign, int coupons, Duration within)
            throws InterruptedException {
        return of(
                tally,
                coupons,
                settled(new CampaignAdmin(url, campaign), tally.winners().size(), within));
    }

    /**
     * Reads once more when everything is there, since a coupon too many would come late as well.
     */
    private static Reading settled(CampaignAdmin admin, int winners, Duration within)
            throws InterruptedException {
        long start = System.nanoTime();
        Reading before;
        Reading now = Reading.NONE;
        do {
            before = now;
            now = Reading.of(admin);
        } while (!(now.rows.size() >= winners && now.equals(before))
                && CampaignAdmin.pausedWithin(within, start));
        return now;
    }

    /**
     * @param failure why there are no rows, or null where they were read
     */
    private record Reading(List<CampaignAdmin.Row> rows, @Nullable String failure) {

        static final Reading NONE = new Reading(List.of(), "It was not read.");

        static Reading of(CampaignAdmin admin) throws InterruptedException {
            try {
                return new Reading(admin.ledger(), null);
            } catch (IOException e) {
                return new Reading(List.of(), "It could not be read (" + e + ").");
            }
        }
    }

    private static List<LedgerCheck> of(Tally tally, int coupons, Reading ledger) {
        int due = Math.min(tally.clients(), coupons);
        List<Tally.Winner> winners = tally.winners();
        Set<Long> serials = distinct(winners, Tally.Winner::serial);
        Set<String> codes = distinct(winners, Tally.Winner::code);
        Set<CampaignAdmin.Row> told =
                distinct(
                        winners, winner -> new CampaignAdmin.Row(winner.serial(), winner.member()));
        Set<CampaignAdmin.Row> recorded = new HashSet<>(ledger.rows);
        long agreed = told.stream().filter(recorded::contains).count();
        long without = tally.clients() - tally.finallyAnswered();
        return List.of(
                new LedgerCheck(
                        "told yes = coupons",
                        winners.size() == due,
                        String.format(
                                Locale.ROOT,
                                "%,d members were told yes, %,d coupons were to be had.",
                                winners.size(),
                                due)),
                new LedgerCheck(
                        "serials are exactly 1…N",
                        winners.size() == due
                                && serials.equals(
                                        LongStream.rangeClosed(1, due)
                                                .boxed()
                                                .collect(Collectors.toSet())),
                        serials.isEmpty()
                                ? "There are no serials."
                                : String.format(
                                        Locale.ROOT,
                                        "%,d distinct serials from %,d to %,d.",
                                        serials.size(),
                                        Collections.min(serials),
                                        Collections.max(serials))),
                new LedgerCheck(
                        "codes are distinct",
                        codes.size() == winners.size(),
                        String.format(
                                Locale.ROOT,
                                "%,d distinct codes of %,d winners.",
                                codes.size(),
                                winners.size())),
                new LedgerCheck(
                        "rows in PostgreSQL = N",
                        ledger.failure == null && ledger.rows.size() == due,
                        ledger.failure == null
                                ? String.format(
                                        Locale.ROOT, "%,d rows of %,d.", ledger.rows.size(), due)
                                : ledger.failure),
                new LedgerCheck(
                        "told yes = in the ledger",
                        ledger.failure == null
                                && ledger.rows.size() == winners.size()
                                && told.equals(recorded),
                        String.format(
                                Locale.ROOT,
                                "%,d members and serials agree, %,d were told only, %,d recorded only.",
                                agreed,
                                told.size() - agreed,
                                recorded.size() - agreed)),
                new LedgerCheck(
                        "everyone got a final answer",
                        without == 0,
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d members know for good; %,d do not.",
                                tally.finallyAnswered(),
                                tally.clients(),
                                without)));
    }

    private static <T> Set<T> distinct(List<Tally.Winner> winners, Function<Tally.Winner, T> part) {
        return winners.stream().map(part).collect(Collectors.toSet());
    }
}
