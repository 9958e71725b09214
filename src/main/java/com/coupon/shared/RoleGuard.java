package com.coupon.shared;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Profiles;

/**
 * Stops a process that was given no role, because without one it would be a healthy server that
 * serves nothing.
 */
final class RoleGuard implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (!context.getEnvironment().acceptsProfiles(Profiles.of("api | consumer"))) {
            throw new MissingRoleException();
        }
    }

    static final class MissingRoleException extends RuntimeException {

        MissingRoleException() {
            super("This process was given no role.");
        }
    }

    static final class Analyzer extends AbstractFailureAnalyzer<MissingRoleException> {

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable failure, MissingRoleException cause) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Set SPRING_PROFILES_ACTIVE to 'api' (answers claims), to 'consumer' (keeps the ledger and serves the"
                            + " admin API) or to 'api,consumer' (both in one process).",
                    cause);
        }
    }
}
