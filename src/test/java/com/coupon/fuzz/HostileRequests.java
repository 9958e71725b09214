package com.coupon.fuzz;

import com.coupon.fuzz.HostileRequest.Framing;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.quicktheories.core.Gen;
import org.quicktheories.core.RandomnessSource;

/**
 * Requests that begin as the document wants them and are then spoilt: in their values, their
 * headers, their body, or in how they are written.
 */
final class HostileRequests implements Gen<HostileRequest> {

    private static final List<String> METHODS =
            List.of(
                    "GET",
                    "POST",
                    "PUT",
                    "PATCH",
                    "DELETE",
                    "HEAD",
                    "OPTIONS",
                    "TRACE",
                    "CONNECT",
                    "PROPFIND",
                    "get",
                    "G\u00cbT",
                    "A".repeat(300));
    private static final List<String> TYPES =
            List.of(
                    "application/json",
                    "application/json;charset=utf-16",
                    "application/json;charset=nonsense",
                    "application/xml",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "multipart/form-data",
                    "text/csv",
                    "text/csv;charset=\"",
                    "text/plain",
                    "*/*",
                    "json",
                    "/",
                    "",
                    "application/cbor",
                    "application/json;".repeat(200));
    private static final List<String> ACCEPTS =
            List.of(
                    "*/*",
                    "application/json",
                    "text/html",
                    "application/json;q=2",
                    "application/json;q=nonsense",
                    "nonsense",
                    "*",
                    "",
                    "a/b,".repeat(1_500));
    private static final List<String> LANGUAGES =
            List.of(
                    "ko",
                    "en",
                    "de-CH;q=0.3,*",
                    "x".repeat(2_000),
                    "ko;q=9",
                    ";;;",
                    "*",
                    "i-klingon");
    private static final List<String> ETAGS =
            List.of(
                    "\"1\"",
                    "\"2\"",
                    "W/\"1\"",
                    "*",
                    "1",
                    "\"",
                    "\"\"",
                    "\"a\",\"b\"",
                    "W/",
                    "\"-1\"",
                    "\"99999999999999999999\"",
                    "\"1\",".repeat(500));
    private static final List<String> OTHERS =
            List.of(
                    "Range",
                    "Expect",
                    "Upgrade",
                    "Cookie",
                    "Origin",
                    "Referer",
                    "TE",
                    "Trailer",
                    "Content-Encoding",
                    "Content-Language",
                    "Content-Location",
                    "X-Forwarded-For",
                    "X-Forwarded-Host",
                    "X-Forwarded-Proto",
                    "X-Forwarded-Prefix",
                    "Forwarded",
                    "X-HTTP-Method-Override",
                    "If-Modified-Since",
                    "If-Unmodified-Since",
                    "If-Range",
                    "Max-Forwards",
                    "Date",
                    "Via",
                    "X-Request-Id",
                    "traceparent",
                    "Proxy",
                    "Access-Control-Request-Method");
    private static final List<String> TOKENS =
            List.of(
                    "Bearer ",
                    "Bearer x",
                    "Bearer a.b.c",
                    "Bearer eyJhbGciOiJub25lIn0.e30.",
                    "Basic Og==",
                    "Bearer " + "a".repeat(4_000),
                    "bearer \u0000",
                    "Digest");

    /** What a path is taken apart at. */
    private static final Pattern UNROUTABLE =
            Pattern.compile("(?i)^$|^\\.+$|[/\\\\;]|%2f|%5c|%2e|%3b");

    private final List<ApiOperation> operations;
    private final List<String> campaigns;

    /**
     * @param campaigns ids that exist, so that some requests come further
     */
    HostileRequests(List<ApiOperation> operations, List<String> campaigns) {
        this.operations = operations;
        this.campaigns = campaigns;
    }

    @Override
    public HostileRequest generate(RandomnessSource source) {
        return new Making(new Draw(source)).request();
    }

    /** The making of one request. */
    private final class Making {

        private final Draw draw;
        private final HostileValues values;
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();
        private boolean strict = true;

        Making(Draw draw) {
            this.draw = draw;
            this.values = new HostileValues(draw);
        }

        HostileRequest request() {
            ApiOperation operation = draw.of(operations);
            String method = operation.method();
            if (draw.in100(5)) {
                method = draw.of(METHODS);
                strict = false;
            }
            String target = target(operation);
            addIdentity(operation);
            addHeaders(operation);
            byte[] body = body(operation);
            Framing framing = body.length > 0 && draw.in100(20) ? Framing.CHUNKED : Framing.LENGTH;
            boolean onTheWire = draw.in100(30);
            String version = "HTTP/1.1";
            if (onTheWire && draw.in100(40)) {
                strict = false;
                framing = draw.of(Arrays.asList(Framing.values()));
                version =
                        draw.of(
                                List.of(
                                        "HTTP/1.1",
                                        "HTTP/1.1",
                                        "HTTP/1.1",
                                        "HTTP/1.0",
                                        "HTTP/2.0",
                                        "HTTP/9.9",
                                        "HTTP/",
                                        "",
                                        "http/1.1"));
            }
            return new HostileRequest(
                    operation, strict, onTheWire, method, target, version, headers, framing, body);
        }

        private String target(ApiOperation operation) {
            String path = operation.path();
            StringBuilder query = new StringBuilder();
            for (Parameter parameter : operation.parameters()) {
                if ("path".equals(parameter.getIn())) {
                    path = path.replace("{" + parameter.getName() + "}", segment(parameter));
                } else if ("query".equals(parameter.getIn())) {
                    int times = draw.in100(60) ? draw.between(0, 2) : 1;
                    for (int i = 0; i < times; i++) {
                        query.append(query.isEmpty() ? '?' : '&')
                                .append(parameter.getName())
                                .append('=')
                                .append(encoded(value(parameter, 60)));
                    }
                }
            }
            if (draw.in100(5)) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(encoded(draw.of(HostileValues.PAYLOADS)));
            }
            if (draw.in100(3)) {
                strict = false;
                path =
                        draw.of(List.of("/", "//", "/./", "/../", "http://127.0.0.1:1/", ""))
                                + path
                                + draw.of(
                                        List.of("", "/", ".json", "/..", ";a=b", "%20", "?", "#"));
            }
            return path + query;
        }

        private String segment(Parameter parameter) {
            String segment =
                    "campaign".equals(parameter.getName()) && draw.in100(60)
                            ? draw.of(campaigns)
                            : encoded(value(parameter, 60));
            if (UNROUTABLE.matcher(segment).find()) {
                strict = false;
            }
            return segment;
        }

        private String value(Parameter parameter, int percent) {
            return draw.in100(percent)
                    ? values.hostile(parameter.getSchema())
                    : values.valid(parameter.getSchema());
        }

        /** Most often as it has to be; else as it is, which no library sends. */
        private String encoded(String text) {
            if (draw.in100(10)) {
                strict = false;
                return text;
            }
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }

        private void addIdentity(ApiOperation operation) {
            if (draw.in100(85)) {
                add(
                        "X-User-Id",
                        draw.in100(15)
                                ? draw.of(HostileValues.PAYLOADS)
                                : "member" + draw.between(0, 3_000));
            }
            if (draw.in100(operation.forOperators() ? 85 : 5)) {
                add(
                        "X-User-Scopes",
                        draw.in100(10) ? draw.of(HostileValues.PAYLOADS) : "coupon.admin");
            }
            if (draw.in100(5)) {
                add("Authorization", draw.of(TOKENS));
            }
        }

        private void addHeaders(ApiOperation operation) {
            for (Parameter parameter : operation.parameters()) {
                if ("header".equals(parameter.getIn()) && draw.in100(70)) {
                    add(
                            parameter.getName(),
                            parameter.getName().startsWith("If-") && draw.in100(70)
                                    ? draw.of(ETAGS)
                                    : value(parameter, 40));
                }
            }
            if (draw.in100(20)) {
                add("Accept", draw.of(ACCEPTS));
            }
            if (draw.in100(20)) {
                add("Accept-Language", draw.of(LANGUAGES));
            }
            if (draw.in100(10)) {
                add(draw.of(OTHERS), draw.of(HostileValues.PAYLOADS));
            }
            if (draw.in100(1)) {
                int flood = draw.between(50, 400);
                for (int i = 0; i < flood; i++) {
                    add("X-Flood-" + i, "x".repeat(draw.between(0, 40)));
                }
            }
        }

        private void add(String name, String value) {
            if (value.contains("\n") || value.contains("\r")) {
                strict = false; // what follows may be another header, or the end of them
            }
            headers.add(Map.entry(name, value));
        }

        private byte[] body(ApiOperation operation) {
            String type = operation.mediaType();
            if (type == null && draw.in100(85)) {
                return new byte[0];
            }
            if (draw.in100(90)) {
                add("Content-Type", type == null || draw.in100(15) ? draw.of(TYPES) : type);
            }
            String text =
                    type != null && type.contains("csv")
                            ? values.csv()
                            : values.json(operation.body(), draw.of(List.of(0, 5, 20, 50)));
            byte[] bytes =
                    text.getBytes(
                            draw.in100(95) ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16);
            return switch (draw.between(0, 29)) {
                case 0 -> new byte[0];
                case 1 -> Arrays.copyOf(bytes, draw.between(0, bytes.length)); // cut off
                case 2 -> Arrays.copyOf(bytes, bytes.length + draw.between(1, 100)); // and zeros
                case 3 -> (text + text).getBytes(StandardCharsets.UTF_8);
                case 4 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
                case 5 -> text.getBytes(StandardCharsets.ISO_8859_1);
                case 6 ->
                        draw.in100(20)
                                ? Arrays.copyOf(bytes, 65_536 + draw.between(-1, 40_000))
                                : bytes;
                case 7 -> spoilt(bytes);
                default -> bytes;
            };
        }

        private byte[] spoilt(byte[] bytes) {
            for (int i = 0; bytes.length > 0 && i < 3; i++) {
                bytes[draw.between(0, bytes.length - 1)] = (byte) draw.between(0, 255);
            }
            return bytes;
        }
    }
}
