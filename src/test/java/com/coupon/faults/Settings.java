package com.coupon.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How the nodes run in a run; where it differs from the run before, those of the api role are
 * started anew.
 *
 * @param properties beside those of the stage
 * @param classPath what comes before the application's own
 * @param skew how far the clock of the first node is ahead, and that of the other one behind
 */
record Settings(Map<String, String> properties, List<Path> classPath, Duration skew) {

    static final Settings PLAIN = new Settings(Map.of(), List.of(), Duration.ZERO);

    static Settings of(String property, String value) {
        return new Settings(Map.of(property, value), List.of(), Duration.ZERO);
    }
}
