package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.shared.Fingerprint;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;

/** Time is passed in. */
class RateLimitsTest {

    private static final MemberId ANN = new MemberId("ann");

    private final AtomicLong nanos = new AtomicLong(1);

    /** Each with a capacity, and one token more in a second; as many keys are remembered. */
    static WebProperties.RateLimits limits(long member, long address, long node, int remembered) {
        Duration second = Duration.ofSeconds(1);
        return new WebProperties.RateLimits(
                new WebProperties.Member(member > 0, Math.max(1, member), 1, second, remembered),
                new WebProperties.Address(address > 0, Math.max(1, address), 1, second, remembered),
                new WebProperties.Node(node > 0, Math.max(1, node), 1, second));
    }

    private RateLimits having(WebProperties.RateLimits limits) {
        return new RateLimits(
                new WebProperties(
                        DataSize.ofKilobytes(64),
                        DataSize.ofKilobytes(64),
                        1000,
                        List.of(),
                        limits),
                nanos::get);
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private TokenBuckets buckets(long capacity, int maxKeys) {
        var rate = TokenRate.of(capacity, 1, Duration.ofSeconds(1));
        return new TokenBuckets("test", rate, maxKeys, nanos::get);
    }

    private static void take(TokenBuckets buckets, String key) {
        buckets.take(Fingerprint.of(key, 0), new MockHttpServletResponse());
    }

    private static int taken(TokenBuckets buckets, String key) {
        for (int i = 0; ; i++) {
            try {
                take(buckets, key);
            } catch (ProblemException e) {
                return i;
            }
        }
    }

    @Test
    void aMemberMaySendABurstAndThenAsManyAsFlowBack() {
        var limits = having(limits(3, 0, 0, 10));
        for (int i = 2; i >= 0; i--) {
            var response = new MockHttpServletResponse();
            limits.admit(ANN, response);
            assertThat(response.getHeader("RateLimit-Policy")).isEqualTo("\"member\";q=3;w=3");
            assertThat(response.getHeader("RateLimit"))
                    .isEqualTo("\"member\";r=" + i + ";t=" + (3 - i));
        }

        var response = new MockHttpServletResponse();
        assertThatThrownBy(() -> limits.admit(ANN, response))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> {
                            assertThat(refusal.code()).isEqualTo(ProblemCode.RATE_LIMITED);
                            assertThat(refusal.getHeaders().getFirst("Retry-After")).isEqualTo("1");
                        });
        assertThat(response.getHeader("RateLimit")).isEqualTo("\"member\";r=0;t=3");
        limits.admit(new MemberId("bob"), new MockHttpServletResponse());

        pass(Duration.ofSeconds(1));
        limits.admit(ANN, new MockHttpServletResponse());
        assertThatThrownBy(() -> limits.admit(ANN, new MockHttpServletResponse()))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void anAddressIsLimitedByItself() {
        var limits = having(limits(0, 2, 0, 10));
        var request = new MockHttpServletRequest();
        limits.admitStranger(request, new MockHttpServletResponse());
        limits.admitStranger(request, new MockHttpServletResponse());
        assertThatThrownBy(() -> limits.admitStranger(request, new MockHttpServletResponse()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ProblemCode.RATE_LIMITED));

        request.setRemoteAddr("198.51.100.1");
        limits.admitStranger(request, new MockHttpServletResponse());
    }

    @Test
    void theNodeIsLimitedAsAWhole() {
        var limits = having(limits(0, 0, 2, 10));
        limits.admit();
        limits.admit();
        assertThatThrownBy(limits::admit)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> {
                            assertThat(refusal.code()).isEqualTo(ProblemCode.OVERLOADED);
                            assertThat(refusal.getHeaders().getFirst("Retry-After"))
                                    .matches("[1-3]");
                        });
        pass(Duration.ofSeconds(1));
        limits.admit();
    }

    /** The negative control. */
    @Test
    void withoutLimitsEverythingIsLetIn() {
        var limits = having(limits(0, 0, 0, 10));
        var response = new MockHttpServletResponse();
        for (int i = 0; i < 10_000; i++) {
            limits.admit();
            limits.admit(ANN, response);
            limits.admitStranger(new MockHttpServletRequest(), response);
        }
        assertThat(response.getHeaderNames()).isEmpty();
    }

    @Test
    void noMoreKeysAreRememberedThanThereMayBe() {
        var buckets = buckets(5, 100);
        for (int i = 0; i < 100_000; i++) {
            take(buckets, "member-" + i);
        }
        assertThat(buckets.size()).isLessThanOrEqualTo(104);
    }

    @Test
    void aBucketThatIsFullAgainIsForgotten() {
        var buckets = buckets(5, 100);
        take(buckets, "ann");
        assertThat(buckets.size()).isEqualTo(1);

        pass(Duration.ofSeconds(5).plusNanos(1));

        assertThat(buckets.size()).isZero();
        assertThat(taken(buckets, "ann")).isEqualTo(5);
    }

    @Test
    void nobodyGetsAFullBucketBackByPushingTheirOwnOut() {
        var buckets = buckets(50, 100);
        assertThat(taken(buckets, "ann")).isEqualTo(50);

        for (int i = 0; i < 500; i++) {
            for (int often = 0; often < 3; often++) {
                taken(buckets, "other-" + i);
            }
        }

        assertThat(buckets.size()).isEqualTo(104);
        assertThat(taken(buckets, "ann")).isLessThanOrEqualTo(1);
    }

    @Test
    void whoeverIsNewInACrowdIsLetInOnceAndThenAsOftenAsTokensFlowBack() {
        var buckets = buckets(50, 100);
        for (int i = 0; i < 1_000; i++) {
            take(buckets, "other-" + i);
        }
        buckets.size();
        assertThat(taken(buckets, "late")).isEqualTo(1);
        pass(Duration.ofSeconds(2));
        assertThat(taken(buckets, "late")).isEqualTo(2);

        pass(Duration.ofSeconds(51));
        assertThat(taken(buckets, "when the crowd has gone")).isEqualTo(50);
    }

    /** Not a benchmark, but far from what would be felt. */
    @Test
    void aTokenCostsLittle() {
        var limits = having(limits(1_000_000, 0, 1_000_000, 100_000));
        var response = new MockHttpServletResponse();
        for (int i = 0; i < 200_000; i++) {
            limits.admit();
            limits.admit(ANN, response);
        }
        long start = System.nanoTime();
        for (int i = 0; i < 200_000; i++) {
            limits.admit();
            limits.admit(ANN, response);
        }
        long each = (System.nanoTime() - start) / 200_000;
        System.out.println("a member's and the node's token: " + each + " ns");
        assertThat(each).isLessThan(TimeUnit.MICROSECONDS.toNanos(50));
    }
}
