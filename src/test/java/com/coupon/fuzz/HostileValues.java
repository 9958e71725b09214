package com.coupon.fuzz;

import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Values as a schema wants them, and values as it does not. */
record HostileValues(Draw draw) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Texts that are something else to somebody on the way. */
    static final List<String> PAYLOADS =
            List.of(
                    "",
                    " ",
                    "\t",
                    "null",
                    "true",
                    "-1",
                    "0",
                    "00",
                    "1e400",
                    "NaN",
                    "0x10",
                    "１２",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "[]",
                    "{}",
                    "' OR 1=1--",
                    "'; DROP TABLE campaigns; --",
                    "\\'); SELECT pg_sleep(5); --",
                    "]] redis.call('FLUSHALL') --[[",
                    "*1\r\n$8\r\nFLUSHALL\r\n",
                    "\r\nX-User-Scopes: coupon.admin",
                    "\rSet-Cookie: a=b",
                    "\n",
                    "coupon:{x}:stock",
                    "}:{",
                    "%s%s%s%n%x",
                    "${7*7}",
                    "#{7*7}",
                    "{{7*7}}",
                    "${jndi:ldap://127.0.0.1:1/a}",
                    "../../../../etc/passwd",
                    "..\\..\\windows",
                    "..;/",
                    ";x=y",
                    "%",
                    "%zz",
                    "%00",
                    "%2e%2e%2f",
                    "%c0%ae",
                    "%ff%fe",
                    "%25%32%65",
                    "<script>alert(1)</script>",
                    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
                    "=cmd|' /C calc'!A0",
                    "() { :;}; echo",
                    "a\u0000b",
                    "\u0001\u0007\u001b[31m",
                    "\u007f",
                    "\u0085\u2028",
                    "\u202egnirts",
                    "\ufeff",
                    "\uffff",
                    "\ud800",
                    "İıſ",
                    "e\u0301".repeat(50),
                    "🎟️",
                    "쿠폰",
                    "a".repeat(64),
                    "a".repeat(65),
                    "a".repeat(129),
                    "a".repeat(201),
                    "a".repeat(3_000),
                    "🎟".repeat(2_000));

    /** A text for a path, a query or a header, as the schema wants it. */
    String valid(@Nullable Schema<?> schema) {
        if (schema == null) {
            return "x";
        }
        if (schema.getEnum() != null) {
            return String.valueOf(draw.of(schema.getEnum()));
        }
        if (isNumber(schema)) {
            return Long.toString(
                    least(schema)
                            + draw.between(0, (int) Math.min(1_000, most(schema) - least(schema))));
        }
        return schema.getExamples() == null || schema.getExamples().isEmpty()
                ? draw.of(List.of("x", "1", "\"1\""))
                : String.valueOf(schema.getExamples().getFirst());
    }

    /** One that it does not want, or only just. */
    String hostile(@Nullable Schema<?> schema) {
        if (schema == null || draw.in100(60)) {
            return draw.of(PAYLOADS);
        }
        if (isNumber(schema)) {
            return draw.of(
                    List.of(
                            Long.toString(least(schema)),
                            Long.toString(least(schema) - 1),
                            Long.toString(most(schema)),
                            BigDecimal.valueOf(most(schema)).add(BigDecimal.ONE).toPlainString(),
                            "9".repeat(draw.between(1, 400)),
                            "-" + "9".repeat(draw.between(1, 40)),
                            "0." + "9".repeat(draw.between(1, 40)),
                            "1E" + draw.between(1, 999_999_999)));
        }
        int longest = Objects.requireNonNullElse(schema.getMaxLength(), 64);
        return switch (draw.between(0, 3)) {
            case 0 -> "a".repeat(longest);
            case 1 -> "a".repeat(longest + 1);
            case 2 -> valid(schema) + draw.of(PAYLOADS);
            default -> anyText(draw.between(0, 40));
        };
    }

    private String anyText(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) draw.between(0, 0x2ff));
        }
        return text.toString();
    }

    private static boolean isNumber(Schema<?> schema) {
        return schema.getTypes() != null && schema.getTypes().contains("integer");
    }

    private static long least(Schema<?> schema) {
        return schema.getMinimum() == null ? 0 : schema.getMinimum().longValue();
    }

    private static long most(Schema<?> schema) {
        return schema.getMaximum() == null
                ? "int32".equals(schema.getFormat()) ? Integer.MAX_VALUE : Long.MAX_VALUE
                : schema.getMaximum().longValue();
    }

    /** A body of JSON that is wrong in some places, in one out of {@code 100 / percent}. */
    String json(@Nullable Schema<?> schema, int percent) {
        if (schema == null || draw.in100(percent)) {
            return hostileJson(schema);
        }
        if (schema.getProperties() == null) {
            return isNumber(schema) ? valid(schema) : quoted(valid(schema));
        }
        List<String> members = new ArrayList<>();
        for (Map.Entry<String, ?> property : schema.getProperties().entrySet()) {
            if (draw.in100(100 - percent)) {
                members.add(member(property, percent));
            }
            if (draw.in100(percent / 4)) {
                members.add(member(property, percent)); // twice
            }
        }
        if (draw.in100(percent)) {
            members.add(quoted(draw.of(PAYLOADS)) + ":" + hostileJson(null));
        }
        return "{" + String.join(",", members) + "}";
    }

    private String member(Map.Entry<String, ?> property, int percent) {
        return quoted(property.getKey()) + ":" + json((Schema<?>) property.getValue(), percent);
    }

    private String hostileJson(@Nullable Schema<?> schema) {
        return switch (draw.between(0, 9)) {
            case 0 -> "null";
            case 1 -> draw.of(List.of("true", "[]", "{}", "\"\"", "[null]", "[[],{}]"));
            case 2 -> hostile(schema); // bare
            case 3 -> nested(draw.between(1, 3_000));
            case 4 -> "9".repeat(draw.between(1, 2_000));
            case 5 -> "1e" + draw.between(-999_999_999, 999_999_999);
            case 6 -> quoted(quoted(hostile(schema)));
            default -> quoted(hostile(schema));
        };
    }

    private String nested(int depth) {
        return draw.in100(50)
                ? "[".repeat(depth) + "]".repeat(depth)
                : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }

    /** As JSON has it; now and then without the escapes it needs. */
    private String quoted(String text) {
        return draw.in100(5) ? "\"" + text + "\"" : JSON.writeValueAsString(text);
    }

    /** Rows of comma separated values, or what looks like them. */
    String csv() {
        StringBuilder rows = new StringBuilder(draw.in100(50) ? "memberId\n" : "");
        int count = draw.between(0, 20);
        for (int i = 0; i < count; i++) {
            rows.append(draw.in100(50) ? "member" + i : draw.of(PAYLOADS))
                    .append(draw.of(List.of("\n", "\r\n", ",", "\"", "\r", ";")));
        }
        return rows.toString();
    }
}
