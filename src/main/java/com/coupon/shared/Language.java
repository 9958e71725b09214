package com.coupon.shared;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

/**
 * A language in which the service speaks to people. What it says is in {@code problems.properties},
 * where each sentence is a {@link MessageFormat}.
 */
public enum Language {
    ENGLISH("en", Locale.ROOT),
    KOREAN("ko", Locale.KOREAN);

    private final String tag;
    private final Locale locale;

    @SuppressWarnings("ImmutableEnumChecker") // it is only read
    private final ResourceBundle sentences;

    Language(String tag, Locale bundle) {
        this.tag = tag;
        this.locale = Locale.forLanguageTag(tag);
        // without the fallback to the language of whoever started the process
        this.sentences =
                ResourceBundle.getBundle(
                        "problems",
                        bundle,
                        Control.getNoFallbackControl(Control.FORMAT_PROPERTIES));
    }

    /** As HTTP names it. */
    public String tag() {
        return tag;
    }

    /** Whether there is a sentence under this key. */
    public boolean knows(String key) {
        return sentences.containsKey(key);
    }

    /**
     * The sentence under this key. An unknown key is given back, since people can read that too.
     */
    public String say(String key, Object... arguments) {
        return knows(key)
                ? new MessageFormat(sentences.getString(key), locale).format(arguments)
                : key;
    }
}
