package com.coupon.shared.web;

import com.coupon.shared.Language;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * A problem that says no more than its code, as bytes that were made once: nearly all that a crowd
 * hears is one of these. They are those of a {@link ProblemException} with the same code.
 */
public final class PreparedProblem {

    /** Stands for the path of the request. */
    private static final String INSTANCE = "/instance";

    private static final Map<Language, Map<ProblemCode, PreparedProblem>> ALL = prepareAll();

    private final ProblemCode code;
    private final byte[] before;
    private final byte[] after;

    private PreparedProblem(ProblemCode code, Language language) {
        ProblemException problem = new ProblemException(code).in(language);
        problem.getBody().setInstance(URI.create(INSTANCE));
        String body = ProblemWriter.json(problem);
        int instance = body.indexOf(INSTANCE);
        this.code = code;
        this.before = body.substring(0, instance).getBytes(StandardCharsets.UTF_8);
        this.after = body.substring(instance + INSTANCE.length()).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<Language, Map<ProblemCode, PreparedProblem>> prepareAll() {
        Map<Language, Map<ProblemCode, PreparedProblem>> all = new EnumMap<>(Language.class);
        for (Language language : Language.values()) {
            Map<ProblemCode, PreparedProblem> codes = new EnumMap<>(ProblemCode.class);
            for (ProblemCode code : ProblemCode.values()) {
                codes.put(code, new PreparedProblem(code, language));
            }
            all.put(language, codes);
        }
        return all;
    }

    public static PreparedProblem of(ProblemCode code, Language language) {
        return Objects.requireNonNull(Objects.requireNonNull(ALL.get(language)).get(code));
    }

    public int status() {
        return code.status().value();
    }

    /** When to ask again, in seconds, for those that pass; each time another one. */
    public String retryAfter() {
        return ProblemException.retryAfter();
    }

    /** Whether to say when to ask again. */
    public boolean isPassing() {
        return code.isPassing();
    }

    /**
     * UTF-8.
     *
     * @param path of the request, without anything that JSON or a URI would have to escape
     */
    public byte[] body(String path) {
        byte[] instance = path.getBytes(StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(before, before.length + instance.length + after.length);
        System.arraycopy(instance, 0, body, before.length, instance.length);
        System.arraycopy(after, 0, body, before.length + instance.length, after.length);
        return body;
    }
}
