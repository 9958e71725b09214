package com.coupon.report;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What all that was measured ran on. */
public record Machine(int cores, long memoryMegabytes, String java, String os) {

    /** This one. */
    public static Machine own() {
        long memory = 0;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            memory = system.getTotalMemorySize() >> 20;
        }
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                memory,
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d cores, %,d MB, Java %s, %s", cores, memoryMegabytes, java, os);
    }
}
