package com.coupon.shared;

/**
 * A value from outside has not the form it must have. It can be told to whoever sent it, in their
 * language; {@link #getMessage()} is English.
 */
public final class InvalidValueException extends IllegalArgumentException {

    private final transient Sentence reason;

    /**
     * @param key what is wrong: the sentence {@code detail.<key>} of {@code problems.properties}
     * @param arguments of that sentence
     */
    public InvalidValueException(String key, Object... arguments) {
        this(new Sentence(key, arguments));
    }

    private InvalidValueException(Sentence reason) {
        super(reason.toString());
        this.reason = reason;
    }

    /** What is wrong, in this language. */
    public String in(Language language) {
        return reason.in(language);
    }
}
