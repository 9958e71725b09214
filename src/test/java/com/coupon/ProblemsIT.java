package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Http.Answer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Problems say what is wrong in the language of the caller, and how to do better. */
@IntegrationTest
class ProblemsIT {

    private static final String CAMPAIGN = "problems";

    @LocalServerPort private int port;

    private Http http = new Http(0);

    @BeforeEach
    void openACampaign() {
        http = new Http(port);
        http.open(CAMPAIGN, 1);
        http.claim(CAMPAIGN, "winner");
    }

    private Answer claim(String language) {
        return http.call(
                "POST",
                "/api/v1/campaigns/" + CAMPAIGN + "/claims",
                "",
                "X-User-Id",
                "loser",
                "Accept-Language",
                language);
    }

    private static void isSaid(Answer answer, String language, String title) {
        assertThat(answer.header("Content-Language")).isEqualTo(language);
        assertThat(answer.get("title")).isEqualTo(title);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void aRefusalIsSaidInTheCallersLanguage() {
        isSaid(claim("en"), "en", "All coupons have been issued.");
        isSaid(claim("ko-KR,ko;q=0.9,en;q=0.8"), "ko", "쿠폰이 모두 소진되었습니다.");
        isSaid(claim("en;q=0.5,ko;q=0.6"), "ko", "쿠폰이 모두 소진되었습니다.");
        isSaid(claim("fr"), "en", "All coupons have been issued.");
        isSaid(claim("\u00e9;;q"), "en", "All coupons have been issued.");
    }

    @Test
    void detailsAreSaidInTheCallersLanguageToo() {
        String[] korean = {
            "X-User-Id", "ops",
            "X-User-Scopes", "coupon.admin",
            "Content-Type", "application/json",
            "Accept-Language", "ko"
        };
        String campaigns = "/api/v1/admin/campaigns";
        assertThat(http.call("GET", campaigns + "/UPPER", "", korean).get("detail"))
                .isEqualTo("캠페인 ID는 영문 소문자, 숫자, 하이픈으로 이루어진 1~64자여야 하며 하이픈으로 시작할 수 없습니다.");
        assertThat(
                        http.call("GET", campaigns + "/problems/issuances?limit=0", "", korean)
                                .get("detail"))
                .isEqualTo("limit 값은 1 이상 1,000 이하여야 합니다.");
        assertThat(
                        http.call("GET", campaigns + "/problems/issuances?limit=many", "", korean)
                                .get("detail"))
                .isEqualTo("limit 값의 형식이 올바르지 않습니다.");
        assertThat(http.call("POST", campaigns, "{", korean).get("detail"))
                .isEqualTo("본문이 이 요청에 맞는 JSON이 아닙니다.");
        assertThat(
                        http.call("POST", campaigns, "{\"id\":\"x\",\"coupon\":{}}", korean)
                                .get("detail"))
                .isEqualTo(
                        "coupon.discount 항목은 필수입니다. coupon.title 항목은 필수입니다. name 항목은 필수입니다. quantity 항목은 필수입니다.");
        assertThat(http.admin("POST", "/campaigns", "{\"id\":\"x\",\"coupon\":{}}").get("detail"))
                .isEqualTo(
                        "coupon.discount must be there. coupon.title must be there. name must be there. quantity must be there.");
    }

    @Test
    void whatIsNotAllowedSaysWhatIs() {
        Answer method =
                http.call("DELETE", "/api/v1/campaigns/problems/claims", "", "X-User-Id", "ann");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).isEqualTo("POST");

        Answer type =
                http.call(
                        "POST",
                        "/api/v1/admin/campaigns",
                        "id=x",
                        "X-User-Id",
                        "ops",
                        "X-User-Scopes",
                        "coupon.admin",
                        "Content-Type",
                        "text/plain");
        assertThat(type.status()).isEqualTo(415);
        assertThat(type.header("Accept")).contains("application/json");
    }

    @Test
    void whatTheWebServerRefusesIsSaidInTheCallersLanguageToo() throws IOException {
        assertThat(http.raw("GET /api/v1/campaigns/a|b HTTP/1.1\r\nAccept-Language: ko\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("urn:coupon:problem:invalid-request")
                .doesNotContain("Tomcat", "<html");
        assertThat(http.raw("TRACE /api/v1/campaigns/x HTTP/1.1\r\nAccept-Language: ko\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("Allow: ", "Content-Language: ko", "이 주소에서는 사용할 수 없는 메서드입니다.");
        assertThat(http.raw("GET /api/v1/campaigns/a%2Fb HTTP/1.1\r\nAccept-Language: ko\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("Content-Language: ko", "요청이 올바르지 않습니다.");
    }
}
