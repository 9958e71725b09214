package com.coupon.persistence.domain;

/** What became of a decision on a dead letter. */
public sealed interface DeadLetterResult {

    /** It is decided just so, now or by an earlier request. */
    record Decided(DeadLetter letter) implements DeadLetterResult {}

    /** Its campaign is being rebuilt, and it becomes {@code REPLAYED} with that. */
    record Rebuilding(DeadLetter letter) implements DeadLetterResult {}

    record UnknownLetter() implements DeadLetterResult {}

    /** It was decided otherwise before. */
    record DecidedOtherwise(DeadLetter letter) implements DeadLetterResult {}

    /** The value is not kept whole, so there is nothing to replay. */
    record Cut() implements DeadLetterResult {}

    /** It was refused as late, and its campaign is none that can be rebuilt. */
    record NothingToRebuild() implements DeadLetterResult {}
}
