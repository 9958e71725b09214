package com.coupon.crowd;

import static com.coupon.Options.number;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How large a crowd, and whom it asks.
 *
 * @param clients distinct members, each of whom claims once
 * @param coupons the quantity of the campaign
 * @param connections kept alive at the same time, one request each
 * @param url where the service listens
 * @param campaign the id of the campaign to create
 * @param within how long the crowd may take
 * @param ledgerWithin how long the ledger may take to catch up
 * @param folder of the report
 */
record CrowdOptions(
        int clients,
        int coupons,
        int connections,
        URI url,
        String campaign,
        Duration within,
        Duration ledgerWithin,
        @JsonIgnore Path folder) {

    private static final Pattern CAMPAIGN = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int MOST_CLIENTS = 10_000_000;
    private static final int MOST_CONNECTIONS = 10_000;

    private static CrowdOptions defaults() {
        return new CrowdOptions(
                1_000_000,
                1_000,
                256,
                URI.create("http://localhost:8080"),
                "crowd-" + System.currentTimeMillis(),
                Duration.ofMinutes(30),
                Duration.ofSeconds(60),
                Path.of("target", "crowd"));
    }

    /**
     * @throws IllegalArgumentException if an option is unknown or invalid; the message is one
     *     sentence for whoever typed it
     */
    static CrowdOptions parse(String... args) {
        CrowdOptions options = defaults();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException(
                        "'" + arg + "' is not an option; options look like --clients=1000.");
            }
            options = options.with(arg.substring(2, equals), arg.substring(equals + 1));
        }
        return options;
    }

    private CrowdOptions with(String name, String value) {
        int clients = this.clients;
        int coupons = this.coupons;
        int connections = this.connections;
        URI url = this.url;
        String campaign = this.campaign;
        Duration within = this.within;
        Duration ledgerWithin = this.ledgerWithin;
        Path folder = this.folder;
        switch (name) {
            case "clients" -> clients = number(name, value, MOST_CLIENTS);
            case "coupons" -> coupons = number(name, value, MOST_CLIENTS);
            case "connections" -> connections = number(name, value, MOST_CONNECTIONS);
            case "url" -> url = url(value);
            case "campaign" -> campaign = campaign(value);
            case "minutes" -> within = Duration.ofMinutes(number(name, value, 24 * 60));
            case "ledger-seconds" -> ledgerWithin = Duration.ofSeconds(number(name, value, 3600));
            case "folder" -> folder = Path.of(value);
            default ->
                    throw new IllegalArgumentException(
                            "There is no option --"
                                    + name
                                    + "; there are --clients, --coupons, --connections, --url, --campaign,"
                                    + " --minutes, --ledger-seconds and --folder.");
        }
        return new CrowdOptions(
                clients, coupons, connections, url, campaign, within, ledgerWithin, folder);
    }

    private static URI url(String value) {
        try {
            URI url = URI.create(value);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && (url.getPath().isEmpty() || url.getPath().equals("/"))
                    && url.getQuery() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as of URLs of another kind
        }
        throw new IllegalArgumentException(
                "--url is an http or https URL without a path such as http://localhost:8080, not '"
                        + value
                        + "'.");
    }

    private static String campaign(String value) {
        if (!CAMPAIGN.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "--campaign is 1 to 64 of a-z, 0-9 and -, the first of them not -; it is not '"
                            + value
                            + "'.");
        }
        return value;
    }
}
