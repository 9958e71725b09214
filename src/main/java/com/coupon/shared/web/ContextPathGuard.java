package com.coupon.shared.web;

import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Stops a process that is to answer below a path. The express lane of claims and the pages go by
 * whole paths, and the links in answers and pages begin at the root of the port.
 */
final class ContextPathGuard
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Binder binder = Binder.get(context.getEnvironment());
        for (String property : List.of("server.servlet.context-path", "spring.mvc.servlet.path")) {
            String path = binder.bind(property, String.class).orElse("");
            if (!path.isEmpty() && !path.equals("/")) {
                throw new InvalidConfigurationPropertyValueException(
                        property,
                        path,
                        "The service answers at the root of its port only. A gateway in front of it may take a path away from requests.");
            }
        }
    }
}
