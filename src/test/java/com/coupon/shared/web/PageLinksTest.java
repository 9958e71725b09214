package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

/** Links between pages, as RFC 8288 has them. */
class PageLinksTest {

    private static final String LIST = "/api/v1/admin/campaigns";

    @Test
    void aPageThatIsFollowedSaysWhereTheListBeginsAndWhereItGoesOn() {
        assertThat(PageLinks.of(LIST).keeping("limit", 2).header("after", 40).get(HttpHeaders.LINK))
                .containsExactly(
                        "</api/v1/admin/campaigns?limit=2>; rel=\"first\"",
                        "</api/v1/admin/campaigns?limit=2&after=40>; rel=\"next\"");
    }

    @Test
    void theLastPageIsFollowedByNone() {
        assertThat(PageLinks.of(LIST).header("after", null).get(HttpHeaders.LINK))
                .containsExactly("</api/v1/admin/campaigns>; rel=\"first\"");
    }

    @Test
    void aParameterThatWasNotGivenIsNotKept() {
        assertThat(
                        PageLinks.of(LIST)
                                .keeping("member", null)
                                .keeping("status", "ISSUED")
                                .header("after", null)
                                .get(HttpHeaders.LINK))
                .containsExactly("</api/v1/admin/campaigns?status=ISSUED>; rel=\"first\"");
    }

    @Test
    void noValueEndsItsParameterOrItsLink() {
        assertThat(
                        PageLinks.of(LIST)
                                .keeping("member", "a&b=c>;\"%,+#é")
                                .header("after", "x y")
                                .get(HttpHeaders.LINK))
                .containsExactly(
                        "</api/v1/admin/campaigns?member=a%26b%3Dc%3E%3B%22%25%2C%2B%23%C3%A9>; rel=\"first\"",
                        "</api/v1/admin/campaigns?member=a%26b%3Dc%3E%3B%22%25%2C%2B%23%C3%A9&after=x%20y>; rel=\"next\"");
    }
}
