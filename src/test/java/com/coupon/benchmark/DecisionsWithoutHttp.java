package com.coupon.benchmark;

import com.coupon.CouponApplication;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.boot.SpringApplication;

/**
 * Claims through the port that the controller uses, in the running application, with many under way
 * all the time. Prints decisions per second after the word {@code decisions}. The application has
 * its web server, which nobody asks anything.
 */
public final class DecisionsWithoutHttp {

    static final String RESULT = "decisions ";

    private static final int UNDER_WAY = 2_000;

    private final ClaimCoupon claims;
    private final CampaignId campaign;
    private final Semaphore free = new Semaphore(UNDER_WAY);
    private final LongAdder issued = new LongAdder();
    private final LongAdder others = new LongAdder();
    private long member;

    private DecisionsWithoutHttp(ClaimCoupon claims, CampaignId campaign, long firstMember) {
        this.claims = claims;
        this.campaign = campaign;
        this.member = firstMember;
    }

    /**
     * @param args campaign, number of the first member, seconds of warm-up, seconds, and arguments
     *     of the application
     */
    public static void main(String... args) throws InterruptedException {
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api");
        var context = application.run(Arrays.copyOfRange(args, 4, args.length));
        var decisions =
                new DecisionsWithoutHttp(
                        context.getBean(ClaimCoupon.class),
                        new CampaignId(args[0]),
                        Long.parseLong(args[1]));
        decisions.keepClaiming(Long.parseLong(args[2]));
        long before = decisions.issued.sum();
        long began = System.nanoTime();
        decisions.keepClaiming(Long.parseLong(args[3]));
        double perSecond = (decisions.issued.sum() - before) * 1e9 / (System.nanoTime() - began);
        decisions.free.acquire(UNDER_WAY);
        System.out.printf(
                Locale.ROOT,
                "%n%s%.1f %d %d%n",
                RESULT,
                perSecond,
                decisions.issued.sum(),
                decisions.others.sum());
        System.exit(0);
    }

    /** Whoever is answered makes room for the next one, so the answers set the pace. */
    private void keepClaiming(long seconds) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            free.acquire();
            int more = free.drainPermits() + 1;
            for (int i = 0; i < more; i++) {
                member++;
                var _ =
                        claims.claim(campaign, new MemberId(Requests.PREFIX + member))
                                .whenComplete((result, failure) -> {
                                    if (result instanceof ClaimResult.Issued) {
                                        issued.increment();
                                    } else {
                                        others.increment();
                                    }
                                    free.release();
                                });
            }
        }
    }
}
