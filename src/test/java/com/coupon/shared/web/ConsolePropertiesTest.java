package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the console may be told of a sign-in. */
class ConsolePropertiesTest {

    @EnableConfigurationProperties(ConsoleProperties.class)
    static class Setup {}

    private static final String PREFIX = "coupon.console.sign-in.";

    private final ApplicationContextRunner complete =
            new ApplicationContextRunner()
                    .withUserConfiguration(Setup.class)
                    .withPropertyValues(
                            PREFIX + "authorization-uri=https://issuer.example/authorize",
                            PREFIX + "token-uri=https://issuer.example/token",
                            PREFIX + "client-id=console");

    @Test
    void theScopeOfOperatorsIsAskedForUnlessAnotherIsNamed() {
        complete.run(context ->
                assertThat(context.getBean(ConsoleProperties.class).signIn())
                        .extracting(ConsoleProperties.SignIn::scopes)
                        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                        .containsExactly("coupon.admin"));
    }

    @Test
    void aConsoleWithoutASignInIsOne() {
        new ApplicationContextRunner()
                .withUserConfiguration(Setup.class)
                .run(context ->
                        assertThat(context.getBean(ConsoleProperties.class).signIn()).isNull());
    }

    @ParameterizedTest
    @CsvSource({
        "authorization-uri, http://issuer.example/authorize",
        "authorization-uri, https://issuer.example/authorize#here",
        "authorization-uri, javascript:alert(1)",
        "authorization-uri, ''",
        "token-uri, /token",
        "token-uri, http://issuer.example/token",
        "token-uri, https:",
        "client-id, ''",
        "scopes, 'coupon.admin,\"all\"'",
        "scopes, 'a b'"
    })
    void whatMakesNoSenseStopsTheStart(String name, String value) {
        complete.withPropertyValues(PREFIX + name + "=" + value)
                .run(context -> assertThat(context).hasFailed());
    }
}
