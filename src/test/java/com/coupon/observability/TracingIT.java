package com.coupon.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.issuance.application.ClaimOrigins;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A trace goes with a coupon from the claim to the ledger, where traces are asked for. */
@ExtendWith(OutputCaptureExtension.class)
class TracingIT {

    private static final String ON = "management.tracing.export.enabled";
    private static final String TOPIC = "coupon.traced";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final String campaign = Campaigns.newId().value();
    private final String member = "member-" + campaign;

    /** Where spans end up instead of a collector. */
    private static final class Spans implements SpanExporter {

        private final List<SpanData> all = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            all.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        List<SpanData> of(SpanKind kind, String trace) {
            return all.stream()
                    .filter(span -> span.getKind() == kind && span.getTraceId().equals(trace))
                    .toList();
        }
    }

    private static ConfigurableApplicationContext start(Spans spans, String... more) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        // or another context of this test run, which traces nothing, records the coupon
        properties.put("coupon.kafka.topic", TOPIC);
        properties.put("spring.kafka.consumer.group-id", "coupon-traced");
        properties.put("management.tracing.sampling.probability", "1");
        properties.put("management.opentelemetry.tracing.export.schedule-delay", "100ms");
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api", "consumer");
        application.addInitializers(context ->
                ((GenericApplicationContext) context)
                        .registerBean(SpanExporter.class, () -> spans));
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    /** Spring Boot leaves it to those who start later. */
    @AfterEach
    void otherTestsWriteAsEver() {
        System.clearProperty(
                LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName());
    }

    private void claim(ConfigurableApplicationContext service, String... headers) {
        Http http = http(service);
        http.open(campaign, 1);
        assertThat(http.call("POST", claims(), "", as(member, headers)).status()).isEqualTo(201);
        String issuances = "/campaigns/" + campaign + "/issuances";
        await().atMost(SOON)
                .until(() -> http.admin("GET", issuances, "").json().path("items").size() == 1);
    }

    private static Http http(ConfigurableApplicationContext service) {
        return new Http(
                service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private String claims() {
        return "/api/v1/campaigns/" + campaign + "/claims";
    }

    private static String[] as(String member, String... headers) {
        return Stream.concat(Stream.of("X-User-Id", member), Stream.of(headers))
                .toArray(String[]::new);
    }

    /** The trace that the record of the member's coupon says it belongs to, or nothing. */
    private String traceOfTheRecord() {
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        RunningServers.get().properties().get("spring.kafka.bootstrap-servers"),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        campaign,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest");
        try (var consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long end = System.nanoTime() + SOON.toNanos();
            while (System.nanoTime() - end < 0) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.key().equals(member)) {
                        return trace(record.headers());
                    }
                }
            }
        }
        throw new AssertionError("There is no record of " + member);
    }

    /** Of the form {@code 00-<trace>-<span>-<flags>}. */
    private static String trace(Iterable<Header> headers) {
        return StreamSupport.stream(headers.spliterator(), false)
                .filter(header -> header.key().equals("traceparent"))
                .map(header ->
                        new String(header.value(), StandardCharsets.US_ASCII).substring(3, 35))
                .findAny()
                .orElse("");
    }

    @Test
    void nothingOfItIsThereUnlessItIsAskedFor() {
        var spans = new Spans();
        try (var service = start(spans)) {
            claim(service, "traceparent", traceparent("4bf92f3577b34da6a3ce929d0e0e4736"));

            assertThat(service.getBeansOfType(Tracer.class)).isEmpty();
            assertThat(service.getBeansOfType(OpenTelemetry.class)).isEmpty();
            assertThat(service.getBeansOfType(TracingProperties.class)).isEmpty();
            assertThat(traceOfTheRecord()).isEmpty();
            assertThat(spans.all).isEmpty();
        }
    }

    private static String traceparent(String trace) {
        return "00-" + trace + "-00f067aa0ba902b7-01";
    }

    @Test
    void theTraceOfAClaimGoesOnToTheLedger() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var spans = new Spans();
        try (var service = start(spans, ON, "true")) {
            claim(service, "traceparent", traceparent(trace));

            assertThat(traceOfTheRecord()).isEqualTo(trace);
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(spans.of(SpanKind.CONSUMER, trace)).isNotEmpty());
            assertThat(spans.of(SpanKind.PRODUCER, trace))
                    .singleElement()
                    .satisfies(sent ->
                            assertThat(sent.getParentSpanId()).isEqualTo("00f067aa0ba902b7"));
        }
    }

    /**
     * Of a member who loses, whatever he sends along, and of a claim that says nothing of value.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "nonsense",
                ""
            })
    void aTraceThatIsNoneIsPassedOver(String none) {
        var spans = new Spans();
        try (var service = start(spans, ON, "true")) {
            claim(service, "traceparent", none);

            assertThat(traceOfTheRecord())
                    .hasSize(32)
                    .isNotEqualToIgnoringCase("4bf92f3577b34da6a3ce929d0e0e4736");
            var lost =
                    http(service)
                            .call(
                                    "POST",
                                    claims(),
                                    "",
                                    as("late", "traceparent", traceparent("5".repeat(32))));
            assertThat(lost.status()).isEqualTo(409);
            assertThat(
                            service.getBean(ClaimOrigins.class)
                                    .take(new CampaignId(campaign), new MemberId("late")))
                    .isNull();
        }
    }

    @Test
    void oneTraceGoesFromTheRelayToTheLedger() {
        var spans = new Spans();
        try (var service = start(spans, ON, "true")) {
            claim(service);

            String trace = traceOfTheRecord();
            assertThat(trace).hasSize(32);
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(spans.of(SpanKind.CONSUMER, trace)).isNotEmpty());
            SpanData sent = spans.of(SpanKind.PRODUCER, trace).getFirst();
            assertThat(sent.getName()).contains(TOPIC);
            assertThat(spans.of(SpanKind.CONSUMER, trace))
                    .allSatisfy(received ->
                            assertThat(received.getParentSpanId()).isEqualTo(sent.getSpanId()));
            assertThat(spans.all.toString()).contains(trace).doesNotContain(member);
        }
    }

    @Test
    void spansAreSentToTheCollectorThatIsNamed() throws IOException {
        List<String> received = new CopyOnWriteArrayList<>();
        var collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    received.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.ISO_8859_1));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
        try (var service =
                start(
                        new Spans(),
                        ON,
                        "true",
                        "management.opentelemetry.tracing.export.otlp.endpoint",
                        endpoint)) {
            claim(service);

            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(received)
                                    .anyMatch(spans -> spans.contains(TOPIC + " send")));
            assertThat(received).noneMatch(spans -> spans.contains(member));
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void structuredLinesHaveTheTraceAndNoMember(CapturedOutput output) {
        try (var service =
                start(new Spans(), ON, "true", "logging.structured.format.console", "ecs")) {
            claim(service);
            var tracer = service.getBean(Tracer.class);
            var span = tracer.nextSpan().start();
            try (var _ = tracer.withSpan(span)) {
                LoggerFactory.getLogger("com.coupon").info("Within a span of {}", campaign);
            } finally {
                span.end();
            }

            List<JsonNode> lines =
                    output.getOut()
                            .lines()
                            .filter(line -> line.startsWith("{"))
                            .map(JSON::readTree)
                            .toList();
            assertThat(lines)
                    .filteredOn(line -> line.path("message").asString("").contains(campaign))
                    .anySatisfy(
                            line -> assertThat(line.toString()).contains(span.context().traceId()));
            assertThat(lines)
                    .allMatch(
                            line -> line.path("service").path("name").asString().equals("coupon"));
            assertThat(output).doesNotContain(member);
            LoggerFactory.getLogger("com.coupon").info("This names {}", member);
            assertThat(output).as("what should not be is seen").contains(member);
        }
    }
}
