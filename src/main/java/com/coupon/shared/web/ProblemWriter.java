package com.coupon.shared.web;

import com.coupon.shared.Language;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems where Spring MVC does not get to: in filters, and in Tomcat's stead. */
public final class ProblemWriter {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
                    .build();

    /** Stands for the instance in an answer that is made beforehand. */
    private static final String INSTANCE = "/instance";

    private static final Map<Language, Map<ProblemCode, Prepared>> PREPARED = prepareAll();

    private ProblemWriter() {}

    public static void write(
            ProblemException problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        problem.getBody().setInstance(instance(request));
        byte[] body = prepare(problem, request, response).getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /**
     * Writes a problem that says no more than its code, as {@link #write(ProblemException,
     * HttpServletRequest, HttpServletResponse)} would: nearly all that a crowd hears are such ones,
     * so their bytes are made once.
     *
     * @param path of the request, without anything that JSON or a URI would have to escape
     */
    public static void write(
            ProblemCode code, String path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Language language = AcceptedLanguage.of(request);
        Prepared prepared =
                Objects.requireNonNull(Objects.requireNonNull(PREPARED.get(language)).get(code));
        response.setStatus(prepared.status);
        response.addHeader(HttpHeaders.CACHE_CONTROL, ProblemException.UNCACHED);
        response.addHeader(HttpHeaders.CONTENT_LANGUAGE, language.tag());
        if (code.isPassing()) {
            response.addHeader(HttpHeaders.RETRY_AFTER, ProblemException.retryAfter());
        }
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        byte[] body = prepared.body(path);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** What stands before and after the instance. */
    private static final class Prepared {

        private final int status;
        private final byte[] before;
        private final byte[] after;

        Prepared(int status, String before, String after) {
            this.status = status;
            this.before = before.getBytes(StandardCharsets.UTF_8);
            this.after = after.getBytes(StandardCharsets.UTF_8);
        }

        byte[] body(String path) {
            byte[] instance = path.getBytes(StandardCharsets.US_ASCII);
            byte[] body = Arrays.copyOf(before, before.length + instance.length + after.length);
            System.arraycopy(instance, 0, body, before.length, instance.length);
            System.arraycopy(after, 0, body, before.length + instance.length, after.length);
            return body;
        }
    }

    private static Map<Language, Map<ProblemCode, Prepared>> prepareAll() {
        Map<Language, Map<ProblemCode, Prepared>> all = new EnumMap<>(Language.class);
        for (Language language : Language.values()) {
            Map<ProblemCode, Prepared> codes = new EnumMap<>(ProblemCode.class);
            for (ProblemCode code : ProblemCode.values()) {
                codes.put(code, prepare(code, language));
            }
            all.put(language, codes);
        }
        return all;
    }

    private static Prepared prepare(ProblemCode code, Language language) {
        ProblemException problem = new ProblemException(code).in(language);
        problem.getBody().setInstance(URI.create(INSTANCE));
        String body = JSON.writeValueAsString(problem.getBody());
        int instance = body.indexOf(INSTANCE);
        return new Prepared(
                code.status().value(),
                body.substring(0, instance),
                body.substring(instance + INSTANCE.length()));
    }

    /** Null for a path that is no URI by itself, such as two slashes. */
    private static @Nullable URI instance(HttpServletRequest request) {
        try {
            return new URI(request.getRequestURI());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Sets status and headers, and gives the body, which is UTF-8. */
    static String prepare(
            ProblemException problem, HttpServletRequest request, HttpServletResponse response) {
        problem.in(AcceptedLanguage.of(request));
        response.setStatus(problem.getStatusCode().value());
        problem.getHeaders()
                .forEach(
                        (name, values) -> values.forEach(value -> response.setHeader(name, value)));
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        return JSON.writeValueAsString(problem.getBody());
    }
}
