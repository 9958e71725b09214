package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The API document says what the service does, and the file in the repository says the same. */
@IntegrationTest
class OpenApiIT {

    private static final Path FILE = Path.of("docs/openapi.yaml");

    @LocalServerPort private int port;
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    private String served(String... headers) {
        return http.call("GET", "/v3/api-docs.yaml", "", headers).response().body();
    }

    private static List<Operation> operations(OpenAPI document) {
        return document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .toList();
    }

    @Test
    void theFileIsCurrent() throws IOException {
        if (Boolean.getBoolean("coupon.openapi.write")) {
            Files.writeString(FILE, served());
        }

        assertThat(served())
                .as(
                        """
                        docs/openapi.yaml is not current. This writes it anew:
                        mvn verify -Dit.test=OpenApiIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dcoupon.openapi.write=true\
                        """)
                .isEqualTo(Files.readString(FILE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ko", "de-CH", "tlh", "x-nonsense"})
    void itIsTheSameInEveryLanguageAndForEveryHost(String language) {
        assertThat(served("Accept-Language", language)).isEqualTo(served());
        assertThat(served()).doesNotContain("localhost", Integer.toString(port));
    }

    @Test
    void itIsAValidDocument() {
        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(served());

        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getPaths()).isNotEmpty();
    }

    @Test
    void everyOperationIsExplainedAndHasATagThatIsExplainedToo() {
        OpenAPI document = new OpenAPIV3Parser().readContents(served()).getOpenAPI();

        assertThat(operations(document))
                .allSatisfy(operation -> {
                    assertThat(operation.getSummary())
                            .as(
                                    "the first sentence of the Javadoc of %s",
                                    operation.getOperationId())
                            .isNotBlank();
                    assertThat(document.getTags())
                            .as("tags of openapi/base.yaml")
                            .anyMatch(tag -> operation.getTags().contains(tag.getName()));
                });
        assertThat(operations(document).stream().map(Operation::getOperationId))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyPropertyOfABodyIsExplained() {
        for (var schema :
                http.call("GET", "/v3/api-docs", "")
                        .json()
                        .path("components")
                        .path("schemas")
                        .properties()) {
            for (var property : schema.getValue().path("properties").properties()) {
                assertThat(
                                property.getValue().has("$ref")
                                        || property.getValue().has("description"))
                        .as(
                                "%s.%s is explained, by the Javadoc of its record or by openapi/words.yaml",
                                schema.getKey(), property.getKey())
                        .isTrue();
            }
        }
    }

    @Test
    void swaggerUiIsThereInTheLocalRunAndInNoJarForProduction() throws IOException {
        assertThat(http.call("GET", "/swagger-ui/index.html", "").status()).isEqualTo(200);
        URL classes = CouponApplication.class.getProtectionDomain().getCodeSource().getLocation();
        Path target = Path.of(classes.getPath()).getParent();

        try (Stream<Path> files = Files.list(target)) {
            Path jar =
                    files.filter(file -> file.toString().matches(".*/coupon-[^/]*[^s]\\.jar"))
                            .findFirst()
                            .orElseThrow();
            try (var content = new JarFile(jar.toFile())) {
                List<String> libraries =
                        content.stream()
                                .map(entry -> entry.getName())
                                .filter(name -> name.startsWith("BOOT-INF/lib/"))
                                .toList();
                assertThat(libraries).anyMatch(name -> name.contains("springdoc-openapi-starter"));
                assertThat(libraries)
                        .noneMatch(name -> name.contains("swagger-ui") || name.contains("webjars"));
            }
        }
    }
}
