package com.coupon.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** A page that needs nothing but itself: the plots are drawn by Chart.js, which is inside. */
final class ReportPage {

    private static final String PAGE = "classpath:benchmark/report.html";
    private static final String SCRIPT =
            "classpath*:META-INF/resources/webjars/chart.js/*/dist/chart.umd.min.js";

    private ReportPage() {}

    /**
     * @param report as JSON
     */
    static String of(String report) throws IOException {
        String script = read(SCRIPT).replaceAll("(?m)^//# sourceMappingURL=.*$", "");
        return read(PAGE)
                .replace("@chart.js@", script)
                .replace("@report@", report.replace("<", "\\u003c"));
    }

    private static String read(String location) throws IOException {
        Resource[] found = new PathMatchingResourcePatternResolver().getResources(location);
        if (found.length != 1) {
            throw new IOException("%s is there %d times.".formatted(location, found.length));
        }
        return found[0].getContentAsString(StandardCharsets.UTF_8);
    }
}
