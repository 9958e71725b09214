package com.coupon.issuance.application;

import com.coupon.issuance.application.PendingClaim.Group;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.out.Ticker;
import com.coupon.shared.ApiRole;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Completes claims, and counts what it tells them. Thread-safe. */
@ApiRole
final class ClaimAnswers {

    private final Ticker ticker;
    private final AnswerCounting counting;
    private final Map<Class<?>, Timer> timers;
    private final DistributionSummary batchSize;

    ClaimAnswers(MeterRegistry meters, Ticker ticker, AnswerCounting counting) {
        this.ticker = ticker;
        this.counting = counting;
        this.timers =
                Stream.of(ClaimResult.class.getPermittedSubclasses())
                        .collect(
                                Collectors.toMap(Function.identity(), type -> timer(meters, type)));
        this.batchSize =
                DistributionSummary.builder("coupon.claims.batch.size")
                        .description("Claims answered by one call of the script")
                        .register(meters);
    }

    private static Timer timer(MeterRegistry meters, Class<?> type) {
        String outcome =
                type.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        return Timer.builder("coupon.claims")
                .description("Claims answered, from their arrival to their answer")
                .tag("outcome", outcome)
                .register(meters);
    }

    void batch(int size) {
        batchSize.record(size);
    }

    void answer(PendingClaim claim, ClaimResult result) {
        count(claim.group(), result, claim.arrived());
        claim.answer().complete(result);
    }

    /**
     * Counts what a claim is told.
     *
     * @param arrived by the node's ticker
     */
    void count(Group asked, ClaimResult result, long arrived) {
        Timer timer = timers.get(result.getClass());
        if (timer != null) {
            timer.record(ticker.nanos() - arrived, TimeUnit.NANOSECONDS);
        }
        counting.count(asked, result);
    }
}
