package com.coupon.shared.web;

import com.coupon.shared.Language;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
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

    private ProblemWriter() {}

    public static void write(
            ProblemException problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(problem, AcceptedLanguage.of(request), request, response);
    }

    /** Into Tomcat's buffer, which tells the length; see ExpressLane why it is not told here. */
    public static void write(
            ProblemException problem,
            Language language,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        problem.getBody().setInstance(instance(request));
        response.getOutputStream()
                .write(prepare(problem, language, response).getBytes(StandardCharsets.UTF_8));
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
            ProblemException problem, Language language, HttpServletResponse response) {
        problem.in(language);
        response.setStatus(problem.getStatusCode().value());
        problem.getHeaders()
                .forEach(
                        (name, values) -> values.forEach(value -> response.setHeader(name, value)));
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        return json(problem);
    }

    static String json(ProblemException problem) {
        return JSON.writeValueAsString(problem.getBody());
    }
}
