package com.coupon.shared.web;

import java.util.Map;

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

    /**
     * A page.
     *
     * @param name of the folder
     * @param path where the page is
     * @param settings values by their names, in plain text
     */
    protected Page(String name, String path, Map<String, String> settings) {
        this.name = name;
        this.path = path;
        this.settings = Map.copyOf(settings);
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
}
