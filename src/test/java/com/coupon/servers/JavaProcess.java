package com.coupon.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JVM of its own, which ends with this one. */
public final class JavaProcess implements AutoCloseable {

    private final Process process;

    private JavaProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts one with the class path of this JVM.
     *
     * @param log where its output is added to
     * @param classPath what comes before it
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
        return launch(log, parts, jvm, environment, main, arguments);
    }

    /**
     * Starts one that has nothing of this JVM's class path.
     *
     * @param log where its output is added to
     * @param jar the application, which names its libraries in its manifest
     * @param jvm flags
     * @param environment beside that of this JVM
     * @param main the class to run
     */
    public static JavaProcess startJar(
            Path log,
            Path jar,
            List<String> jvm,
            Map<String, String> environment,
            String main,
            List<String> arguments) {
        String tether = Tethered.class.getName().replace('.', '/') + ".class";
        try (InputStream bytes = JavaProcess.class.getResourceAsStream("/" + tether)) {
            Path folder = Files.createDirectories(log.resolveSibling("tether"));
            Files.createDirectories(folder.resolve(tether).getParent());
            Files.write(folder.resolve(tether), bytes.readAllBytes());
            return launch(
                    log,
                    List.of(jar.toString(), folder.toString()),
                    jvm,
                    environment,
                    main,
                    arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaProcess launch(
            Path log,
            List<String> classPath,
            List<String> jvm,
            Map<String, String> environment,
            String main,
            List<String> arguments) {
        String path = String.join(System.getProperty("path.separator"), classPath);
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

    /**
     * Of one that has ended: 143 where SIGTERM ended it in good order, 137 after SIGKILL, 1 where
     * its tether was cut.
     */
    public int exitValue() {
        return process.exitValue();
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
