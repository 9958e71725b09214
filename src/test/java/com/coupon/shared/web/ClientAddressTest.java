package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

class ClientAddressTest {

    private final ClientAddress clients =
            new ClientAddress(List.of("10.0.0.0/8", "2001:db8:ffff::/48", "192.0.2.1"));

    private static MockHttpServletRequest from(String peer, String... forwardedFor) {
        var request = new MockHttpServletRequest();
        request.setRemoteAddr(peer);
        for (String header : forwardedFor) {
            request.addHeader("X-Forwarded-For", header);
        }
        return request;
    }

    private void isFrom(String client, MockHttpServletRequest request) {
        assertThat(clients.of(request)).isEqualTo(clients.of(from(client)));
    }

    @Test
    void aPeerThatIsNoTrustedProxyIsTheClientWhateverItSays() {
        isFrom("203.0.113.7", from("203.0.113.7", "198.51.100.1"));
        isFrom("203.0.113.7", from("203.0.113.7", "10.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    198.51.100.1                           | 198.51.100.1
                    198.51.100.1, 10.1.2.3                 | 198.51.100.1
                    198.51.100.1, 10.1.2.3, 192.0.2.1      | 198.51.100.1
                    1.1.1.1, 2.2.2.2, 198.51.100.1         | 198.51.100.1
                    10.9.9.9, 198.51.100.1, 10.1.2.3       | 198.51.100.1
                    garbage, 198.51.100.1                  | 198.51.100.1
                    198.51.100.1:4711                      | 198.51.100.1
                    2001:db8::7                            | 2001:db8::7
                    [2001:db8::7]:4711                     | 2001:db8::7
                    ::ffff:198.51.100.1                    | 198.51.100.1
                    2001:db8::7, 2001:db8:ffff::1          | 2001:db8::7
                    10.1.2.3, 10.3.2.1                     | 10.1.2.3
                    """)
    void behindATrustedProxyTheClientIsTheLastThatIsNone(String forwardedFor, String client) {
        isFrom(client, from("10.0.0.1", forwardedFor));
    }

    @Test
    void severalHeadersAreOneList() {
        isFrom("198.51.100.1", from("10.0.0.1", "1.1.1.1", "198.51.100.1", "10.1.2.3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "198.51.100.1, garbage",
                "198.51.100.1,",
                "",
                ",",
                "unknown",
                "_hidden",
                "localhost",
                "[::1",
                "fe80::1%eth0",
                "999.1.1.1",
                "198.51.100.1 198.51.100.2"
            })
    void whereTheProxySaysNothingThatCanBeReadItCountsItself(String forwardedFor) {
        isFrom("10.0.0.1", from("10.0.0.1", forwardedFor));
    }

    @Test
    void aChainOfNothingButCommasIsReadToItsEnd() {
        isFrom("10.0.0.1", from("10.0.0.1", ",".repeat(8_000)));
    }

    @Test
    void theLastProxyThatCanBeBelievedCountsForWhatIsNot() {
        isFrom("10.1.2.3", from("10.0.0.1", "198.51.100.1, garbage, 10.1.2.3"));
    }

    @Test
    void addressesOfOneNetworkAreOneClient() {
        isFrom("2001:db8:1:2::1", from("2001:db8:1:2:3:4:5:6"));
        assertThat(clients.of(from("2001:db8:1:2::1")))
                .isNotEqualTo(clients.of(from("2001:db8:1:3::1")));
        assertThat(clients.of(from("198.51.100.1"))).isNotEqualTo(clients.of(from("198.51.100.2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "proxy.example", "10.0.0.0/x", ""})
    void aProxyThatIsNoNetworkIsNotTrusted(String proxy) {
        assertThatThrownBy(() ->
                        new WebProperties(
                                DataSize.ofKilobytes(64),
                                DataSize.ofKilobytes(64),
                                1000,
                                List.of(proxy),
                                RateLimitsTest.limits(1, 1, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither an address nor a network");
    }
}
