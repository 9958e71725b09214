package com.coupon.shared.web;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A page for people, which the role that has this bean publishes. It is the folder {@code
 * pages/<name>} of the class path: its {@code index.html} is had at the path, all else that lies in
 * it at {@code /<name>/<file>}. In {@code index.html}, <code>${setting}</code> stands for what the
 * page is told at the start; {@code ${identity}}, which is {@code header} or {@code token}, every
 * page may have. Immutable.
 */
public abstract class Page {

    private final String name;
    private final String path;
    private final Map<String, String> settings;
    private final Map<String, String> libraries;
    private final Set<String> asks;

    /**
     * A page.
     *
     * @param name of the folder
     * @param path where the page is
     * @param settings values by their names, in plain text
     */
    protected Page(String name, String path, Map<String, String> settings) {
        this(name, path, settings, Map.of(), Set.of());
    }

    /**
     * A page with scripts of others, and with others to ask.
     *
     * @param name of the folder
     * @param path where the page is
     * @param settings values by their names, in plain text
     * @param libraries where on the class path a script is, as a pattern that fits one, by the name
     *     that it is to have beside the files of the folder
     * @param asks addresses on whose servers the page may call, besides its own
     */
    protected Page(
            String name,
            String path,
            Map<String, String> settings,
            Map<String, String> libraries,
            Set<URI> asks) {
        this.name = name;
        this.path = path;
        this.settings = Map.copyOf(settings);
        this.libraries = Map.copyOf(libraries);
        this.asks = asks.stream().map(Page::originOf).collect(Collectors.toUnmodifiableSet());
    }

    private static String originOf(URI address) {
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        return address.getScheme() + "://" + address.getHost() + port;
    }

    final String name() {
        return name;
    }

    final String path() {
        return path;
    }

    final Map<String, String> settings() {
        return settings;
    }

    final Map<String, String> libraries() {
        return libraries;
    }

    /** Origins. */
    final Set<String> asks() {
        return asks;
    }
}
