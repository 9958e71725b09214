package com.coupon.shared;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves all of tracing out of a process unless {@code management.tracing.export.enabled} is set.
 * Spring Boot by itself would only not send the spans, but make them for every request.
 */
final class TracingSwitch implements AutoConfigurationImportFilter, EnvironmentAware {

    private static final String[] TRACING = {
        "org.springframework.boot.micrometer.tracing.", "org.springframework.boot.opentelemetry."
    };

    private boolean on;

    @Override
    public void setEnvironment(Environment environment) {
        on = environment.getProperty("management.tracing.export.enabled", boolean.class, false);
    }

    @Override
    public boolean[] match(@Nullable String[] candidates, AutoConfigurationMetadata metadata) {
        var kept = new boolean[candidates.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = on || !isOfTracing(candidates[i]);
        }
        return kept;
    }

    private static boolean isOfTracing(@Nullable String candidate) {
        return candidate != null && Stream.of(TRACING).anyMatch(candidate::startsWith);
    }
}
