package com.coupon.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The development container, which is for those who have no JDK 25. */
class DevContainerTest {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    private JsonNode container = MAPPER.missingNode();

    @BeforeEach
    void read() throws IOException {
        container = MAPPER.readTree(Path.of(".devcontainer/devcontainer.json"));
    }

    @Test
    void itIsTheImageThatBuildsTheJar() throws IOException {
        String image = container.path("image").asString();

        assertThat(image).contains("maven:", "-25-");
        assertThat(Files.readAllLines(Path.of("Dockerfile"))).contains("ARG MAVEN=" + image);
    }

    @Test
    void thePortsOfTheLocalRunAreForwardedAndNamed() {
        List<Integer> ports =
                container.path("forwardPorts").valueStream().map(JsonNode::asInt).toList();

        assertThat(ports).isEqualTo(LocalRun.PORTS);
        for (int port : ports) {
            assertThat(container.at("/portsAttributes/" + port + "/label").asString()).isNotBlank();
        }
    }

    @Test
    void itIsNotOpenedAsRootWhomPostgreSqlRefuses() {
        assertThat(container.path("remoteUser").asString()).isNotBlank().isNotEqualTo("root");
    }
}
