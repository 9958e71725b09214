package com.coupon.shared.web;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.UriUtils;

/**
 * The {@code Link} header of a page of a list (RFC 8288): where the list begins, and where it goes
 * on. The links are absolute paths, so they hold behind any gateway that keeps paths. Not
 * thread-safe.
 *
 * <p>Only parameters that are named here come back in a link, so that what a caller sends cannot
 * make the header any longer than the list itself allows.
 */
public final class PageLinks {

    private final String path;
    private final Map<String, String> kept = new LinkedHashMap<>();

    private PageLinks(String path) {
        this.path = path;
    }

    /**
     * @param path of the list, from the first slash on, encoded as it stands in a URL
     */
    public static PageLinks of(String path) {
        return new PageLinks(path);
    }

    /** Has every link keep a parameter; one that is null was not given and is left out. */
    public PageLinks keeping(String parameter, @Nullable Object value) {
        if (value != null) {
            kept.put(parameter, value.toString());
        }
        return this;
    }

    /**
     * @param cursor the parameter that says where a page begins
     * @param next its value for the next page, or null where this page is the last
     */
    public HttpHeaders header(String cursor, @Nullable Object next) {
        var headers = new HttpHeaders();
        headers.add(HttpHeaders.LINK, link(kept, "first"));
        if (next != null) {
            var parameters = new LinkedHashMap<>(kept);
            parameters.put(cursor, next.toString());
            headers.add(HttpHeaders.LINK, link(parameters, "next"));
        }
        return headers;
    }

    private String link(Map<String, String> parameters, String relation) {
        var link = new StringBuilder("<").append(path);
        char separator = '?';
        for (var parameter : parameters.entrySet()) {
            link.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(UriUtils.encode(parameter.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return link.append(">; rel=\"").append(relation).append('"').toString();
    }
}
