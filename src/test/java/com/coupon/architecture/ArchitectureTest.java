package com.coupon.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.coupon.CouponApplication;
import com.coupon.shared.ApiRole;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.EveryRole;
import com.coupon.shared.web.Answers;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * The structure, as rules. Each rule is shown to bite by the violations beside this class, which
 * are compiled but are no part of the application.
 */
class ArchitectureTest {

    private static final String VIOLATIONS = "com.coupon.architecture.violations..";

    static final ArchRule the_domain_knows_only_java =
            classes()
                    .that()
                    .resideInAPackage("..domain..")
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                            "java..",
                                            "org.jspecify..",
                                            "com.coupon.shared",
                                            "..domain..")
                                    .or(simpleNameEndingWith("IssuedCoupon")));

    static final ArchRule ports_know_only_the_domain =
            classes()
                    .that()
                    .resideInAPackage("..port..")
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                            "java..",
                                            "org.jspecify..",
                                            "org.springframework.modulith..",
                                            "com.coupon.shared",
                                            "..domain..",
                                            "..port..")
                                    .or(simpleNameEndingWith("IssuedCoupon")));

    static final ArchRule the_application_knows_no_adapter_and_no_technology =
            classes()
                    .that()
                    .resideInAPackage("..application..")
                    .and()
                    .haveNameNotMatching(".*Properties(\\$.*)?")
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                            "java..",
                                            "org.jspecify..",
                                            "org.slf4j..",
                                            "io.micrometer..",
                                            "com.coupon.shared",
                                            "..domain..",
                                            "..port..",
                                            "..spi..",
                                            "..application..")
                                    .or(simpleNameEndingWith("IssuedCoupon")));

    static final ArchRule adapters_do_not_know_each_other =
            slices().matching("..adapter.(*).(*)..").should().notDependOnEachOther();

    static final ArchRule nobody_knows_an_adapter =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..adapter..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("..adapter.."));

    static final ArchRule every_bean_has_exactly_one_role =
            classes()
                    .that(are_beans())
                    .should(
                            com.tngtech.archunit.lang.conditions.ArchConditions.be(
                                    describe(
                                            "of exactly one role",
                                            (JavaClass type) ->
                                                    Stream.of(
                                                                            ApiRole.class,
                                                                            ConsumerRole.class,
                                                                            EveryRole.class)
                                                                    .filter(type::isAnnotatedWith)
                                                                    .count()
                                                            == 1)));

    static final ArchRule beans_of_adapters_are_package_private =
            classes()
                    .that(are_beans())
                    .and()
                    .resideInAPackage("..adapter..")
                    .should()
                    .bePackagePrivate();

    static final ArchRule interfaces_outside_of_ports_are_nested_or_sealed_answers =
            classes()
                    .that()
                    .areInterfaces()
                    .and()
                    .areTopLevelClasses()
                    .and()
                    .areNotAnnotations()
                    .and()
                    .haveSimpleNameNotEndingWith("package-info")
                    .and(describe("are not sealed", type -> !type.reflect().isSealed()))
                    .should()
                    .resideInAnyPackage("..port..", "..spi..");

    static final ArchRule only_loops_have_threads =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..adapter.in.loop..")
                    .should()
                    .dependOnClassesThat(
                            describe("are threads or executors", ArchitectureTest::isThread));

    static final ArchRule only_the_ledger_knows_spring_retry =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(
                            "com.coupon.persistence.adapter.out.jdbc.JdbcLedger")
                    .should()
                    .dependOnClassesThat(resideInAPackage("org.springframework.retry.."));

    static final ArchRule handlers_say_what_they_answer =
            methods()
                    .that()
                    .areMetaAnnotatedWith(RequestMapping.class)
                    .and()
                    .areDeclaredInClassesThat()
                    .areNotAssignableTo(ErrorController.class)
                    .should()
                    .beMetaAnnotatedWith(Answers.class);

    static final ArchRule names_say_what_things_do =
            noClasses()
                    .should()
                    .haveSimpleNameEndingWith("Impl")
                    .orShould()
                    .haveSimpleNameEndingWith("Util")
                    .orShould()
                    .haveSimpleNameEndingWith("Utils")
                    .orShould()
                    .haveSimpleNameEndingWith("Helper")
                    .orShould()
                    .haveSimpleNameEndingWith("Manager");

    private static boolean isThread(JavaClass type) {
        return type.isAssignableTo(Thread.class)
                || type.isAssignableTo(java.util.concurrent.Executor.class)
                || type.isEquivalentTo(java.util.concurrent.Executors.class);
    }

    private static DescribedPredicate<JavaClass> are_beans() {
        return describe(
                "are beans",
                type ->
                        type.isMetaAnnotatedWith(Component.class)
                                && !type.isAnnotation()
                                && !type.isEquivalentTo(CouponApplication.class)
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT));
    }

    static Stream<Arguments> rules() throws IllegalAccessException {
        Stream.Builder<Arguments> rules = Stream.builder();
        for (var field : ArchitectureTest.class.getDeclaredFields()) {
            if (field.getType() == ArchRule.class) {
                rules.add(arguments(field.getName(), field.get(null)));
            }
        }
        return rules.build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void the_application_keeps(String name, ArchRule rule) {
        JavaClasses application =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("com.coupon");
        rule.check(application);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void a_violation_is_caught_of(String name, ArchRule rule) {
        JavaClasses violations =
                new ClassFileImporter().importPackages(VIOLATIONS.replace("..", ""));
        assertThat(rule.evaluate(violations).hasViolation()).as("violation of " + name).isTrue();
    }

    @Test
    void the_modules_keep_to_what_they_are_allowed() {
        ApplicationModules modules = ApplicationModules.of(CouponApplication.class);
        modules.verify();
        assertThat(modules.stream().map(module -> module.getIdentifier().toString()))
                .containsExactlyInAnyOrder("issuance", "persistence", "reconciliation", "shared");
    }
}
