package com.coupon.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JVM of its own with the class path of this one, which ends with it. */
public final class JavaProcess implements AutoCloseable {

    private final Process process;

    private JavaProcess(Process process) {
        this.process = process;
    }

    /**
     * @param log where its output is added to
     * @param classPath what comes before the class path of this JVM
     * @param jvm flags
     * @param environment beside that of this JVM
     * @param main the class to run
     */
    public static JavaProcess start(
            Path log,
            List<Path> classPath,
            List<String> jvm,
            Map<String, String> environment,
            String main,
            List<String> arguments) {
        List<String> parts = new ArrayList<>(classPath.stream().map(Path::toString).toList());
        parts.add(ownClassPath());
        String path = String.join(System.getProperty("path.separator"), parts);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", path, Tethered.class.getName(), main));
        command.addAll(arguments);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new JavaProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Test runners hide the class path in the manifest of a jar. */
    private static String ownClassPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Signals signals() {
        return new Signals(process.pid());
    }

    /** Kills it. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
