package com.coupon.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar has all it needs: the class path of tests has more than it. */
class PackagedJarIT {

    @TempDir private Path folder = Path.of("");

    @Test
    void itStartsSoFarThatItMissesItsRole() throws Exception {
        assertThat(output("-jar", jar())).contains("This process was given no role.");
    }

    @Test
    void itCanBeExtracted() throws Exception {
        Path destination = folder.resolve("extracted");
        output("-Djarmode=tools", "-jar", jar(), "extract", "--destination", destination + "");
        assertThat(destination.resolve("lib")).isNotEmptyDirectory();
    }

    private static String jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("coupon-.*\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private String output(String... arguments) throws Exception {
        Path log = folder.resolve("log");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(Stream.concat(Stream.of(java), Stream.of(arguments)).toList())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(log);
    }
}
