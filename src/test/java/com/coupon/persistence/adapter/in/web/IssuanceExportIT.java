package com.coupon.persistence.adapter.in.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import com.coupon.LedgerRows;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger as a file over HTTP, far larger than what lies between a server and its client. */
@IntegrationTest
class IssuanceExportIT {

    private static final int ROWS = 300_000;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final String END_OF_CHUNKS = "\r\n0\r\n\r\n";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static String large = "";

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;
    @Autowired private MeterRegistry meters;

    private Http http = new Http(0);

    @BeforeEach
    void aLargeLedger() {
        http = new Http(port);
        if (large.isEmpty()) {
            large = new LedgerRows(jdbc).insert(ROWS);
        }
        await().atMost(LONG_ENOUGH).until(() -> running() == 0);
    }

    private int running() {
        return meters.get("coupon.ledger.exports").longTaskTimer().activeTasks();
    }

    private double exported() {
        return meters.get("coupon.ledger.exported").counter().count();
    }

    private static String path(String campaign) {
        return "/api/v1/admin/campaigns/" + campaign + "/issuances.csv";
    }

    private HttpResponse<InputStream> open(String campaign) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path(campaign)))
                        .headers("X-User-Id", "ops", "X-User-Scopes", "coupon.admin")
                        .build(),
                BodyHandlers.ofInputStream());
    }

    /** A client that reads only as much as it is told to. */
    private final class SlowClient implements AutoCloseable {

        private final Socket socket = new Socket();

        SlowClient(String campaign) throws IOException {
            socket.setReceiveBufferSize(4_096);
            socket.setSoTimeout((int) LONG_ENOUGH.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream()
                    .write(
                            """
                            GET %s HTTP/1.1\r
                            Host: localhost\r
                            X-User-Id: ops\r
                            X-User-Scopes: coupon.admin\r
                            Connection: close\r
                            \r
                            """
                                    .formatted(path(campaign))
                                    .getBytes(StandardCharsets.US_ASCII));
        }

        String read(int bytes) throws IOException {
            return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
        }

        /** What is left, up to the end or the loss of the connection. */
        String readToTheEnd() {
            var all = new StringBuilder();
            var buffer = new byte[65_536];
            try {
                for (int read = 0; read >= 0; read = socket.getInputStream().read(buffer)) {
                    all.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // lost
            }
            return all.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void theWholeLedgerComesInOrder() throws Exception {
        var rows = new AtomicLong();
        HttpResponse<InputStream> response = open(large);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("text/csv;charset=utf-8");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"" + large + "-issuances.csv\"");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("Content-Length")).isEmpty();
        try (var csv = CsvReader.builder().ofNamedCsvRecord(response.body())) {
            for (NamedCsvRecord row : csv) {
                long serial = rows.incrementAndGet();
                if (!row.getField("serial").equals(Long.toString(serial))
                        || !row.getField("memberId").equals("m" + serial)
                        || !row.getField("status").equals(serial % 10 == 0 ? "REVOKED" : "ISSUED")
                        || row.getFieldCount() != 6) {
                    throw new AssertionError("In place of serial " + serial + ": " + row);
                }
            }
        }
        assertThat(rows).hasValue(ROWS);
    }

    @Test
    void aLedgerWithoutRowsIsAHeader() {
        String empty = new LedgerRows(jdbc).insert(0);

        Answer answer = http.admin("GET", "/campaigns/" + empty + "/issuances.csv", "");

        assertThat(answer.response().body())
                .isEqualTo(
                        "\"serial\",\"memberId\",\"status\",\"epoch\",\"issuedAt\",\"recordedAt\"\r\n");
    }

    @Test
    void anIdThatIsAFormulaArrivesAsText() {
        String campaign = new LedgerRows(jdbc).insert(3);
        new LedgerRows(jdbc).rename(campaign, 2, "=cmd|'/C\"calc\"'!A0");

        Answer answer = http.admin("GET", "/campaigns/" + campaign + "/issuances.csv", "");

        assertThat(answer.response().body())
                .contains("\r\n\"2\",\"'=cmd|'/C\"\"calc\"\"'!A0\",\"ISSUED\",");
    }

    @Test
    void codesAreNotExported() {
        String campaign = new LedgerRows(jdbc).insert(3);
        String code =
                jdbc.sql("SELECT code FROM coupon_issuances WHERE campaign_id = ? AND serial = 1")
                        .param(campaign)
                        .query(String.class)
                        .single();

        assertThat(
                        http.admin("GET", "/campaigns/" + campaign + "/issuances.csv", "")
                                .response()
                                .body())
                .doesNotContain(code);
    }

    @Test
    void whoeverAsksForTheHeadersAloneHasNothingExported() {
        double before = exported();

        Answer answer = http.admin("HEAD", "/campaigns/" + large + "/issuances.csv", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Disposition")).contains("-issuances.csv");
        assertThat(exported()).isEqualTo(before);
    }

    @Test
    void whatCannotBeExportedIsAProblem() {
        Answer unknown = http.admin("GET", "/campaigns/no-such/issuances.csv", "");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.get("code")).isEqualTo("unknown-campaign");

        Answer other =
                http.call(
                        "GET",
                        path(large),
                        "",
                        "X-User-Id",
                        "ops",
                        "X-User-Scopes",
                        "coupon.admin",
                        "Accept",
                        "application/json");
        assertThat(other.status()).isEqualTo(406);
        assertThat(other.get("code")).isEqualTo("not-acceptable");

        assertThat(http.call("GET", path(large), "", "X-User-Id", "ann").status()).isEqualTo(403);
    }

    @Test
    void aClientThatStopsReadingStopsTheExport() throws Exception {
        double before = exported();
        try (var client = new SlowClient(large)) {
            assertThat(client.read(10_000)).startsWith("HTTP/1.1 200");

            // What was not read was not produced: the web server gives up on the client first.
            await().atMost(LONG_ENOUGH).until(() -> running() == 0);
            assertThat(exported() - before).isPositive().isLessThan(ROWS);
            assertThat(client.readToTheEnd()).doesNotContain(END_OF_CHUNKS);
        }
    }

    @Test
    void aClientThatGoesAwayEndsTheExport() throws Exception {
        double before = exported();
        try (var client = new SlowClient(large)) {
            assertThat(client.read(10_000)).startsWith("HTTP/1.1 200");
            assertThat(running()).isEqualTo(1);
        }

        await().atMost(LONG_ENOUGH).until(() -> running() == 0);
        assertThat(exported() - before).isLessThan(ROWS);
    }

    @Test
    void oneExportMoreThanMayRunIsRefused() throws Exception {
        try (var one = new SlowClient(large);
                var other = new SlowClient(large)) {
            one.read(1);
            other.read(1);

            Answer refused = http.admin("GET", "/campaigns/" + large + "/issuances.csv", "");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.get("code")).isEqualTo("overloaded");
            assertThat(refused.header("Retry-After")).matches("[1-3]");
        }
        await().atMost(LONG_ENOUGH).until(() -> running() == 0);
        assertThat(http.admin("GET", "/campaigns/" + large + "/issuances.csv", "").status())
                .isEqualTo(200);
    }

    @Test
    void anExportThatEndsWellSaysSo() throws Exception {
        try (var client = new SlowClient(new LedgerRows(jdbc).insert(2_500))) {
            assertThat(client.readToTheEnd())
                    .startsWith("HTTP/1.1 200")
                    .contains("\"m2500\"")
                    .endsWith(END_OF_CHUNKS);
        }
    }

    @Test
    void anExportThatFailsMidwayDoesNotLookLikeAWholeFile() throws Exception {
        CompletableFuture<String> rest;
        try (var client = new SlowClient(large)) {
            client.read(10_000);
            var transaction = new TransactionTemplate(transactions);
            rest =
                    transaction.execute(status -> {
                        jdbc.sql("LOCK TABLE coupon_issuances IN ACCESS EXCLUSIVE MODE").update();
                        var reading = CompletableFuture.supplyAsync(client::readToTheEnd);
                        await().atMost(LONG_ENOUGH).until(this::theNextPageIsLost);
                        return reading;
                    });
            assertThat(rest.join())
                    .contains("\"ISSUED\"")
                    .doesNotContain(END_OF_CHUNKS)
                    .doesNotContain("\"m" + ROWS + "\"")
                    .doesNotContain("urn:coupon:problem");
        }
    }

    @Test
    void aClientIsToldThatAnExportFailedMidway() throws Exception {
        HttpResponse<InputStream> response = open(large);
        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> {
                    jdbc.sql("LOCK TABLE coupon_issuances IN ACCESS EXCLUSIVE MODE").update();
                    var reading =
                            CompletableFuture.supplyAsync(() -> {
                                try {
                                    return response.body().readAllBytes();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
                    await().atMost(LONG_ENOUGH).until(this::theNextPageIsLost);
                    assertThatThrownBy(reading::join).hasRootCauseInstanceOf(IOException.class);
                });
    }

    /** Ends the connection on which the export waits for its next page, as a lost server would. */
    private boolean theNextPageIsLost() {
        return jdbc.sql(
                                """
                                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                WHERE wait_event_type = 'Lock' AND query LIKE '%ORDER BY serial%'
                                """)
                        .query(Boolean.class)
                        .list()
                        .size()
                == 1;
    }
}
