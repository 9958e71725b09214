package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.HttpMethod;
import org.springframework.util.PropertyPlaceholderHelper;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.util.HtmlUtils;

/**
 * Publishes the {@link Page}s of this process: their files, held in memory, and nothing else. A
 * path counts as it is written; any other spelling goes on to Spring Security, which refuses it.
 */
@EveryRole
@Order(ProblemFilter.ORDER + 3) // after the crowd's routes, before Spring Security
final class Pages extends OncePerRequestFilter {

    private static final String INDEX = "index.html";
    private static final PropertyPlaceholderHelper SETTINGS =
            new PropertyPlaceholderHelper("${", "}", null, null, false);

    private final Map<String, PageFile> files = new HashMap<>();
    private final RateLimits limits;

    Pages(ObjectProvider<Page> pages, SecurityProperties security, RateLimits limits) {
        this.limits = limits;
        pages.orderedStream().forEach(page -> publish(page, security));
    }

    private void publish(Page page, SecurityProperties security) {
        Map<String, String> settings = new HashMap<>(page.settings());
        settings.put("identity", security.identity() == null ? "token" : "header");
        String folder = "classpath:/pages/" + page.name() + "/*";
        try {
            var found = new PathMatchingResourcePatternResolver();
            for (Resource file : found.getResources(folder)) {
                String name = Objects.requireNonNull(file.getFilename());
                byte[] bytes = file.getContentAsByteArray();
                if (name.equals(INDEX)) {
                    put(page, page.path(), name, fillIn(bytes, settings));
                } else {
                    put(page, "/" + page.name() + "/" + name, name, bytes);
                }
            }
            for (var library : page.libraries().entrySet()) {
                Resource[] files = found.getResources("classpath*:" + library.getValue());
                if (files.length != 1) {
                    throw new IllegalStateException(
                            files.length + " files fit " + library.getValue() + ".");
                }
                String name = library.getKey();
                byte[] bytes = files[0].getContentAsByteArray();
                put(page, "/" + page.name() + "/" + name, name, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!files.containsKey(page.path())) {
            throw new IllegalStateException("There is no page in " + folder + ".");
        }
    }

    private void put(Page page, String path, String name, byte[] bytes) {
        if (files.put(path, new PageFile(name, bytes, page.asks())) != null) {
            throw new IllegalStateException("Two pages have " + path + ".");
        }
    }

    /** A setting that the page does not have stops the start. */
    private static byte[] fillIn(byte[] html, Map<String, String> settings) {
        return SETTINGS.replacePlaceholders(
                        new String(html, StandardCharsets.UTF_8),
                        name -> {
                            String value = settings.get(name);
                            return value == null ? null : HtmlUtils.htmlEscape(value);
                        })
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        PageFile file = files.get(request.getRequestURI());
        if (file == null) {
            chain.doFilter(request, response);
            return;
        }
        ServerHttpObservationFilter.findObservationContext(request)
                .ifPresent(observed -> observed.setPathPattern(request.getRequestURI()));
        limits.admitStranger(request, response);
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            var problem = new ProblemException(ProblemCode.METHOD_NOT_ALLOWED);
            problem.getHeaders().setAllow(Set.of(HttpMethod.GET, HttpMethod.HEAD));
            throw problem;
        }
        file.answer(request, response);
    }
}
