package com.coupon.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page that needs nothing but itself: the plots are drawn by Chart.js, which is inside.
 *
 * @param about where, when and how it was measured
 */
public record Page(String title, String about, List<Section> sections) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PAGE = "classpath:report/page.html";
    private static final String SCRIPT =
            "classpath*:META-INF/resources/webjars/chart.js/*/dist/chart.umd.min.js";

    /**
     * @throws IOException where the files it is made of cannot be read
     */
    public String html() throws IOException {
        String script = read(SCRIPT).replaceAll("(?m)^//# sourceMappingURL=.*$", "");
        return read(PAGE)
                .replace("@chart.js@", script)
                .replace("@page@", JSON.writeValueAsString(this).replace("<", "\\u003c"));
    }

    private static String read(String location) throws IOException {
        Resource[] found = new PathMatchingResourcePatternResolver().getResources(location);
        if (found.length != 1) {
            throw new IOException("%s is there %d times.".formatted(location, found.length));
        }
        return found[0].getContentAsString(StandardCharsets.UTF_8);
    }
}
