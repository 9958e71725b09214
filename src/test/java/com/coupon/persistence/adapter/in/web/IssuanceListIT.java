package com.coupon.persistence.adapter.in.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import com.coupon.LedgerRows;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ledger page by page over HTTP: links, filters and what is refused. */
@IntegrationTest
class IssuanceListIT {

    private static final Pattern NEXT = Pattern.compile("</api/v1/admin([^>]*)>; rel=\"next\"");

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    private Http http = new Http(0);
    private String campaign = "";

    @BeforeEach
    void aCampaignWithThirtyRows() {
        http = new Http(port);
        campaign = new LedgerRows(jdbc).insert(30);
    }

    private Answer list(String query) {
        return http.admin("GET", "/campaigns/" + campaign + "/issuances" + query, "");
    }

    /** The serials of a list, page after page, as its links lead. */
    private List<List<Long>> follow(String query) {
        List<List<Long>> pages = new ArrayList<>();
        String path = "/campaigns/" + campaign + "/issuances" + query;
        while (true) {
            Answer page = http.admin("GET", path, "");
            assertThat(page.status()).isEqualTo(200);
            List<Long> serials = new ArrayList<>();
            page.json().path("items").forEach(row -> serials.add(row.path("serial").asLong()));
            pages.add(serials);
            Matcher next = NEXT.matcher(links(page));
            if (!next.find()) {
                assertThat(page.json().path("next").isNull()).isTrue();
                return pages;
            }
            path = next.group(1);
        }
    }

    private static String links(Answer page) {
        return String.join(", ", page.response().headers().allValues("Link"));
    }

    @Test
    void linksLeadThroughTheWholeLedger() {
        assertThat(follow("?limit=12"))
                .containsExactly(
                        LongStream.rangeClosed(1, 12).boxed().toList(),
                        LongStream.rangeClosed(13, 24).boxed().toList(),
                        LongStream.rangeClosed(25, 30).boxed().toList());
    }

    @Test
    void aLastPageThatIsFullIsFollowedByNone() {
        assertThat(follow("?limit=15")).hasSize(2);
    }

    @Test
    void linksKeepLimitAndFilters() {
        assertThat(links(list("?status=ISSUED&limit=2")))
                .isEqualTo(
                        "</api/v1/admin/campaigns/%1$s/issuances?limit=2&status=ISSUED>; rel=\"first\", </api/v1/admin/campaigns/%1$s/issuances?limit=2&status=ISSUED&after=2>; rel=\"next\""
                                .formatted(campaign));
        assertThat(follow("?status=REVOKED&limit=2"))
                .containsExactly(List.of(10L, 20L), List.of(30L));
    }

    @Test
    void oneMemberIsFoundByTheExactId() {
        assertThat(follow("?member=m3")).containsExactly(List.of(3L));
        assertThat(follow("?member=m3&status=REVOKED")).containsExactly(List.of());
        assertThat(follow("?member=m10&status=REVOKED")).containsExactly(List.of(10L));
        assertThat(follow("?member=M3")).containsExactly(List.of());
        assertThat(follow("?member=%25")).containsExactly(List.of());
    }

    @Test
    void aMemberWhoseIdIsFullOfSignsIsFoundAndLinkedTo() {
        String hostile = "=1+1&status=x>;'--,\"%";
        new LedgerRows(jdbc).rename(campaign, 7, hostile);
        String encoded = URLEncoder.encode(hostile, StandardCharsets.UTF_8);

        Answer page = list("?member=" + encoded);

        assertThat(page.json().path("items").get(0).path("memberId").asString()).isEqualTo(hostile);
        assertThat(links(page))
                .isEqualTo(
                        "</api/v1/admin/campaigns/"
                                + campaign
                                + "/issuances?limit=100&member=%3D1%2B1%26status%3Dx%3E%3B%27--%2C%22%25>; rel=\"first\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ?status=LOST        | status has not the form it must have.
                    ?status=issued      | status has not the form it must have.
                    ?member=            | A member id is 1 to 128 visible ASCII characters.
                    ?member=caf%C3%A9   | A member id is 1 to 128 visible ASCII characters.
                    ?limit=1001         | limit is 1 to 1,000.
                    ?limit=0            | limit is 1 to 1,000.
                    ?after=-1           | after is 0 or more.\
                    """)
    void aQuestionThatMakesNoSenseIsRefusedWithASentence(String query, String detail) {
        Answer answer = list(query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.get("code")).isEqualTo("invalid-request");
        assertThat(answer.get("detail")).isEqualTo(detail);
    }
}
