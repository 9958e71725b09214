package com.coupon.benchmark;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.postgresql.PGConnection;

/** How fast the ledger catches up with what was published while it was away. */
final class LedgerCatchUp implements Measurement {

    private static final String TOPIC = "coupon.issued";
    private static final String COPY = "coupon_issuances_copied";
    private static final long ISSUED_AT = 1_700_000_000_000L;
    private static final int COPIED_AT_ONCE = 20_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public Findings measure(Stage stage) throws Exception {
        int records = stage.options().records();
        List<Double> recorded = new ArrayList<>();
        List<Double> copied = new ArrayList<>();
        stage.stopService();
        for (int round = 0; round < stage.options().rounds(); round++) {
            String campaign = stage.open("ledger", records);
            stage.stopConsumer();
            publish(stage, campaign, records);
            recorded.add(record(stage, campaign, records));
            try (Connection connection = connect(stage)) {
                copied.add(copy(connection, campaign, records));
            }
        }
        return new Findings(
                name(),
                "The ledger catches up",
                "%,d coupons are published while no process of the role consumer runs; then one is started. The rate is from the first row to the last, by the time of their transactions, so it includes how cold the process is. COPY is one statement of the driver's CopyManager, into a table with the same constraints, indexes and triggers."
                        .formatted(records),
                List.of(
                        Row.of("rows of the ledger", recorded, ""),
                        Row.of("rows by COPY", copied, "")),
                List.of(Goal.atLeast(0.5, "ledger ÷ COPY", Medians.ratio(recorded, copied))),
                List.of(),
                List.of());
    }

    private static Connection connect(Stage stage) throws SQLException {
        return DriverManager.getConnection(stage.backends().jdbcUrl(), "postgres", "postgres");
    }

    private static void publish(Stage stage, String campaign, int records)
            throws ExecutionException, InterruptedException {
        try (var producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                stage.backends().kafka(),
                                "acks",
                                "all",
                                "linger.ms",
                                "5"),
                        new StringSerializer(),
                        new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int serial = 1; serial <= records; serial++) {
                String event =
                        """
                        {"version":1,"campaignId":"%s","epoch":1,"serial":%d,"memberId":"%s","couponCode":"%s","issuedAt":%d}\
                        """
                                .formatted(
                                        campaign,
                                        serial,
                                        member(serial),
                                        code(campaign, serial),
                                        ISSUED_AT);
                sent.add(producer.send(new ProducerRecord<>(TOPIC, member(serial), event)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private static String member(int serial) {
        return "l%010d".formatted(serial);
    }

    /** No two campaigns have the same code. */
    private static String code(String campaign, int serial) {
        return "%08x%012x".formatted(campaign.hashCode(), serial);
    }

    /** Rows per second. */
    private static double record(Stage stage, String campaign, int records) throws SQLException {
        ServiceProcess consumer = stage.launchConsumer();
        try (Connection connection = connect(stage)) {
            await().atMost(LONGEST)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> rows(connection, campaign) == records);
            try (PreparedStatement question =
                    connection.prepareStatement(
                            """
                            SELECT extract(epoch FROM max(recorded_at) - min(recorded_at))
                            FROM coupon_issuances WHERE campaign_id = ?
                            """)) {
                question.setString(1, campaign);
                try (ResultSet answer = question.executeQuery()) {
                    answer.next();
                    return records / Math.max(0.001, answer.getDouble(1));
                }
            }
        } finally {
            consumer.close();
        }
    }

    private static long rows(Connection connection, String campaign) throws SQLException {
        try (PreparedStatement question =
                connection.prepareStatement(
                        "SELECT count(*) FROM coupon_issuances WHERE campaign_id = ?")) {
            question.setString(1, campaign);
            try (ResultSet answer = question.executeQuery()) {
                answer.next();
                return answer.getLong(1);
            }
        }
    }

    /** Rows per second. */
    private static double copy(Connection connection, String campaign, int records)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + COPY);
            statement.execute("CREATE TABLE " + COPY + " (LIKE coupon_issuances INCLUDING ALL)");
            for (String rule : rules(connection)) {
                statement.execute(rule);
            }
        }
        List<String> rows = new ArrayList<>();
        for (int serial = 1; serial <= records; serial++) {
            rows.add(
                    "%s\t%d\t%s\t%s\t1\t2023-11-14 22:13:20+00\tISSUED%n"
                            .formatted(campaign, serial, member(serial), code(campaign, serial)));
        }
        long began = System.nanoTime();
        var copying =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY "
                                        + COPY
                                        + " (campaign_id, serial, member_id, code, epoch, issued_at, status) FROM STDIN");
        for (int from = 0; from < records; from += COPIED_AT_ONCE) {
            String part =
                    String.join("", rows.subList(from, Math.min(from + COPIED_AT_ONCE, records)));
            byte[] bytes = part.getBytes(StandardCharsets.US_ASCII);
            copying.writeToCopy(bytes, 0, bytes.length);
        }
        long count = copying.endCopy();
        double seconds = (System.nanoTime() - began) / 1e9;
        if (count != records) {
            throw new IllegalStateException("COPY wrote %,d rows.".formatted(count));
        }
        return count / seconds;
    }

    /** What LIKE leaves out: foreign keys and triggers. */
    private static List<String> rules(Connection connection) throws SQLException {
        List<String> rules = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                """
                                SELECT 'ALTER TABLE coupon_issuances ADD ' || pg_get_constraintdef(oid)
                                FROM pg_constraint
                                WHERE conrelid = 'coupon_issuances'::regclass AND contype = 'f'
                                UNION ALL
                                SELECT pg_get_triggerdef(oid)
                                FROM pg_trigger
                                WHERE tgrelid = 'coupon_issuances'::regclass AND NOT tgisinternal
                                """)) {
            while (found.next()) {
                rules.add(found.getString(1).replace("coupon_issuances", COPY));
            }
        }
        return rules;
    }
}
