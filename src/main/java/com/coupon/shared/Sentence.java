package com.coupon.shared;

/** Something to tell people, in whatever language they read. Immutable. */
public final class Sentence {

    private final String key;
    private final Object[] arguments;

    /**
     * @param key the sentence {@code detail.<key>} of {@code problems.properties}
     * @param arguments of that sentence; numbers are written as each language does
     */
    public Sentence(String key, Object... arguments) {
        this.key = key;
        this.arguments = arguments.clone();
    }

    public String in(Language language) {
        return language.say("detail." + key, arguments);
    }

    /** In English, as logs have it. */
    @Override
    public String toString() {
        return in(Language.ENGLISH);
    }
}
