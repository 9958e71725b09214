package com.coupon.history;

/** What a client was told, as far as the rules tell answers apart. */
public sealed interface Answer {

    /** A yes, with the coupon. */
    sealed interface Yes extends Answer {

        long serial();

        String code();
    }

    /** Won with this very request. */
    record Issued(long serial, String code) implements Yes {}

    /** Won with an earlier request, or told of what was won. */
    record AlreadyIssued(long serial, String code) implements Yes {}

    /** Perhaps won; promises nothing. */
    record Pending() implements Answer {}

    record SoldOut() implements Answer {}

    record Revoked() implements Answer {}

    /** The answer of one who asks what he has won and has won nothing. */
    record NoClaim() implements Answer {}

    /**
     * The campaign is archived: after its retention, everybody hears so, those who have won, too.
     */
    record Archived() implements Answer {}

    /**
     * Another definite no to one who has not won.
     *
     * @param reason such as {@code paused}
     */
    record Refused(String reason) implements Answer {}

    /**
     * No answer, or one that says that nothing is known: the request may have had its effect before
     * or may have it at any time after it was sent.
     *
     * @param why such as {@code timeout}, {@code overloaded} or {@code recovering}
     */
    record Unknown(String why) implements Answer {}

    /** Whether a client who hears it has no reason to ask again. */
    default boolean isFinal() {
        return !(this instanceof Pending || this instanceof Unknown);
    }
}
