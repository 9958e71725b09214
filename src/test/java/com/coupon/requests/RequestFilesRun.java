package com.coupon.requests;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Sends the files of the folder {@code http} at a service that runs already: {@code mvn
 * spring-boot:test-run@http}. Ends with 0 where every answer is the one that is stated, with 1
 * where one is not, and with 2 where there is no service.
 */
public final class RequestFilesRun {

    private RequestFilesRun() {}

    /**
     * @param args the address of the service, or nothing for {@code http://localhost:8080}
     */
    public static void main(String[] args) {
        LoggingSystem.get(RequestFilesRun.class.getClassLoader())
                .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        System.exit(run(args.length == 0 ? "http://localhost:8080" : args[0]));
    }

    private static int run(String host) {
        int failed = 0;
        String run = Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
        for (RequestFile file : RequestFile.all(Map.of("host", host, "run", run))) {
            System.out.println(file.name());
            for (StatedRequest request : file.requests()) {
                try {
                    file.send(request);
                    System.out.println("  ✓ " + request.name());
                } catch (AssertionError | org.awaitility.core.ConditionTimeoutException e) {
                    failed++;
                    System.out.println("  ✗ " + request.name() + ": " + e.getMessage());
                } catch (UncheckedIOException e) {
                    System.err.println("No service answers at " + host + ".");
                    return 2;
                }
            }
        }
        return failed == 0 ? 0 : 1;
    }
}
