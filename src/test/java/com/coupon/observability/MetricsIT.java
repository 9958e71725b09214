package com.coupon.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.servers.RunningServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** What rules and dashboards ask for is what the service shows, and is explained. */
class MetricsIT {

    /** What is not the service's, by the beginning of its name. */
    private static final Map<String, String> EXPORTERS = Map.of("redis_", "redis_exporter");

    private static final Set<String> OF_PROMETHEUS_ITSELF = Set.of("up", "ALERTS");

    private static final String MANUAL = AlarmFiles.read(Path.of("docs/observability.md"));

    private static ConfigurableApplicationContext service;
    private static Http management = new Http(0);

    @BeforeAll
    static void claimSomeCoupons() {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.issuance.stats.read-interval", "200ms");
        properties.put("coupon.reconciliation.count-interval", "200ms");
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api", "consumer");
        service =
                application.run(
                        properties.entrySet().stream()
                                .map(property ->
                                        "--" + property.getKey() + "=" + property.getValue())
                                .toArray(String[]::new));
        var http = new Http(port("local.server.port"));
        management = new Http(port("local.management.port"));
        String campaign = Campaigns.newId().value();
        http.open(campaign, 2);
        for (String member : List.of("ann", "bob", "cid")) {
            http.claim(campaign, member);
        }
        for (int i = 0; i < 100; i++) {
            http.claim(campaign, "dan"); // more often than a member may
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static int port(String name) {
        return service.getEnvironment().getRequiredProperty(name, Integer.class);
    }

    private static Scrape scrape() {
        return Scrape.parse(management.call("GET", "/actuator/prometheus", "").response().body());
    }

    private static boolean isOfAnExporter(Selector selector) {
        return EXPORTERS.keySet().stream().anyMatch(selector.metric()::startsWith);
    }

    private static List<Selector> ours() {
        return AlarmFiles.selectors().stream()
                .filter(selector -> !isOfAnExporter(selector))
                .filter(selector -> !OF_PROMETHEUS_ITSELF.contains(selector.metric()))
                .map(MetricsIT::withoutVariables)
                .toList();
    }

    /** What an operator chooses on a dashboard. */
    private static Selector withoutVariables(Selector selector) {
        return new Selector(
                selector.metric(),
                selector.labels().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        label ->
                                                label.getValue().startsWith("$")
                                                        ? Selector.ANY
                                                        : label.getValue())));
    }

    @Test
    void whatRulesAndDashboardsAskForIsThere() {
        assertThat(ours()).hasSizeGreaterThan(50);
        // some are read or counted now and then, and the first pause of the collector has to come
        System.gc();
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(scrape().missing(ours())).isEmpty());
    }

    @Test
    void whatIsNotThereIsNoticed() {
        assertThat(
                        scrape().missing(
                                        List.of(
                                                new Selector("coupon_claims_queue", Map.of()),
                                                new Selector("coupon_made_up", Map.of()),
                                                new Selector(
                                                        "coupon_claims_queue",
                                                        Map.of("made_up", Selector.ANY)),
                                                new Selector(
                                                        "coupon_claims_seconds_count",
                                                        Map.of("outcome", "made-up")))))
                .containsExactly(
                        "coupon_claims_queue{made_up=}",
                        "coupon_claims_seconds_count{outcome=made-up}",
                        "coupon_made_up{}");
    }

    @Test
    void whatComesFromAnExporterIsListedUnderItsName() {
        assertThat(AlarmFiles.selectors().stream().filter(MetricsIT::isOfAnExporter))
                .isNotEmpty()
                .allSatisfy(selector -> assertThat(MANUAL).contains("`" + selector.metric() + "`"));
        assertThat(MANUAL).contains(EXPORTERS.values());
    }

    private static boolean isExplained(String name) {
        return MANUAL.contains("`" + name + "`");
    }

    private static String withoutSuffix(String name) {
        return name.replaceAll("_(count|sum|max|bucket|gcount|gsum)$", "");
    }

    @Test
    void whateverTheServiceMeasuresOfItselfIsExplained() {
        assertThat(scrape().samples().keySet())
                .filteredOn(name -> name.startsWith("coupon_"))
                .isNotEmpty()
                .allMatch(name -> isExplained(name) || isExplained(withoutSuffix(name)));
    }
}
