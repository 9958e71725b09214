package com.coupon.history;

/**
 * A request of a member and its answer.
 *
 * @param sent when it was sent, in the order of the history
 * @param answered when its answer was received or the client gave up, or {@link History#NEVER}
 */
public record Ask(String member, Question question, long sent, long answered, Answer answer) {

    /** What is asked. */
    public enum Question {
        /** For a coupon. */
        CLAIM,
        /** What was won; decides nothing. */
        FIND
    }

    public Ask {
        if (answered < sent) {
            throw new IllegalArgumentException("answered before it was sent");
        }
    }
}
