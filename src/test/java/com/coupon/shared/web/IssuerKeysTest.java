package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.shared.web.Issuer.Mood;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time is passed in, the issuer is a real server. */
class IssuerKeysTest {

    private static final Duration CACHE = Duration.ofMinutes(5);
    private static final Duration REFETCH = Duration.ofSeconds(5);

    private final Issuer issuer = new Issuer();
    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private IssuerKeys keys = keys();

    private IssuerKeys keys() {
        try {
            InstantSource time = () -> now;
            Clock clock = time.withZone(ZoneOffset.UTC);
            return new IssuerKeys(
                    URI.create(issuer.keysUri()).toURL(),
                    new SecurityProperties.Jwks(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            CACHE,
                            Duration.ofHours(1),
                            REFETCH),
                    clock);
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        keys = keys();
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private List<JWK> find(String id) throws KeySourceException {
        return keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(id).build()), null);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void keysAreFetchedOnceAndKept() throws KeySourceException {
        for (int i = 0; i < 100; i++) {
            assertThat(find("one")).hasSize(1);
        }
        assertThat(issuer.fetches()).isEqualTo(1);
    }

    @Test
    void aThousandUnknownKeysCauseOneFetchMore() throws KeySourceException {
        find("one");
        for (int i = 0; i < 1_000; i++) {
            assertThat(find("unknown-" + i)).isEmpty();
        }
        assertThat(issuer.fetches()).isEqualTo(2);
        assertThat(find("one")).as("known keys do not suffer").hasSize(1);

        pass(REFETCH.plusMillis(1));
        for (int i = 0; i < 1_000; i++) {
            assertThat(find("unknown-" + i)).isEmpty();
        }
        assertThat(issuer.fetches()).as("two in each interval").isEqualTo(4);
    }

    @Test
    void aNewKeyIsFoundAtOnce() throws KeySourceException {
        find("one");
        issuer.rotateTo(Issuer.newKey("two"));

        assertThat(find("two")).hasSize(1);
        assertThat(find("one")).as("and the old one is gone").isEmpty();
    }

    @Test
    void aNewKeyThatComesDuringAFloodIsFoundInTheNextInterval() throws KeySourceException {
        find("one");
        find("unknown");
        issuer.rotateTo(Issuer.newKey("two"));
        assertThat(find("two")).isEmpty();

        pass(REFETCH.plusMillis(1));

        assertThat(find("two")).hasSize(1);
    }

    @Test
    void keysAreRenewedBesideTheRequestsBeforeTheyAreTooOld() throws KeySourceException {
        find("one");
        pass(CACHE.dividedBy(2).plusSeconds(30));
        issuer.is(Mood.SILENT);

        Instant asked = Instant.now();
        assertThat(find("one")).hasSize(1);
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofMillis(900));
        await().until(() -> issuer.fetches() == 2);
    }

    @Test
    void whileTheIssuerIsAwayTheLastKeysServeForAWhile() throws KeySourceException {
        find("one");
        issuer.is(Mood.FAILING);

        pass(Duration.ofMinutes(30));
        assertThat(find("one")).hasSize(1);

        pass(Duration.ofMinutes(31));
        assertThatThrownBy(() -> find("one")).isInstanceOf(KeySourceException.class);
    }

    @Test
    void whileTheIssuerIsAwayAnUnknownKeyIsNotSaidToBeUnknown() throws KeySourceException {
        find("one");
        issuer.is(Mood.FAILING);

        assertThatThrownBy(() -> find("two")).isInstanceOf(KeySourceException.class);
    }

    @Test
    void withoutAnyKeysNothingIsKnownAndNobodyWaitsForLong() {
        issuer.is(Mood.SILENT);
        Instant asked = Instant.now();

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> find("one")).isInstanceOf(KeySourceException.class);
        }

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(issuer.fetches()).isEqualTo(2);
    }
}
