package com.coupon.persistence.application;

import com.coupon.issuance.port.in.RebuildCampaign;
import com.coupon.persistence.domain.DeadLetter;
import com.coupon.persistence.domain.DeadLetter.Status;
import com.coupon.persistence.domain.DeadLetterFilter;
import com.coupon.persistence.domain.DeadLetterResult;
import com.coupon.persistence.domain.QuarantinedRecord;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.HandleDeadLetters;
import com.coupon.persistence.port.in.StoreDeadLetters;
import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.persistence.port.out.LedgerTopic;
import com.coupon.shared.ConsumerRole;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps dead letters, and carries out what operators decide on them. */
@ConsumerRole
final class DeadLetterHandling implements StoreDeadLetters, HandleDeadLetters {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterHandling.class);

    private final DeadLetters letters;
    private final LedgerTopic topic;
    private final RebuildCampaign rebuilds;

    DeadLetterHandling(DeadLetters letters, LedgerTopic topic, RebuildCampaign rebuilds) {
        this.letters = letters;
        this.topic = topic;
        this.rebuilds = rebuilds;
    }

    /** There is nothing to rebuild, so the transaction that was to note it is given up. */
    private static final class NothingToRebuildException extends RuntimeException {}

    @Override
    public void store(List<QuarantinedRecord> records) {
        letters.add(records);
    }

    @Override
    public List<DeadLetter> list(DeadLetterFilter filter, long after, int limit) {
        return letters.page(filter, after, limit);
    }

    @Override
    public Optional<Inspected> inspect(long id) {
        Optional<DeadLetter> letter = letters.find(id);
        letter.ifPresent(letters::noteInspection);
        return letter.map(one -> new Inspected(one, letters.content(one)));
    }

    @Override
    public DeadLetterResult replay(long id) {
        Optional<DeadLetter> letter = letters.find(id);
        if (letter.isEmpty()) {
            return new DeadLetterResult.UnknownLetter();
        }
        DeadLetter seen = letter.get();
        if (seen.status() != Status.OPEN) {
            return decided(letter, Status.REPLAYED);
        }
        if (seen.reason() == Reason.LATE) {
            return rebuild(seen);
        }
        if (!seen.whole()) {
            return new DeadLetterResult.Cut();
        }
        return decided(
                letters.replay(id, locked -> topic.publish(letters.content(locked))),
                Status.REPLAYED);
    }

    private DeadLetterResult rebuild(DeadLetter late) {
        Optional<DeadLetter> requested;
        try {
            requested = letters.requestReplay(late.id(), this::suspend);
        } catch (NothingToRebuildException e) {
            return new DeadLetterResult.NothingToRebuild();
        }
        if (requested.isPresent() && requested.get().status() == Status.OPEN) {
            log.info("{} is rebuilt for dead letter {}", late.campaign(), late.id());
            return new DeadLetterResult.Rebuilding(requested.get());
        }
        return decided(requested, Status.REPLAYED);
    }

    private void suspend(DeadLetter late) {
        if (late.campaign() == null || !rebuilds.suspend(late.campaign())) {
            throw new NothingToRebuildException();
        }
    }

    @Override
    public DeadLetterResult discard(long id, String reason) {
        DeadLetter.requireReason(reason);
        return decided(letters.discard(id, reason), Status.DISCARDED);
    }

    private static DeadLetterResult decided(Optional<DeadLetter> letter, Status asked) {
        return letter.<DeadLetterResult>map(one ->
                        one.status() == asked
                                ? new DeadLetterResult.Decided(one)
                                : new DeadLetterResult.DecidedOtherwise(one))
                .orElseGet(DeadLetterResult.UnknownLetter::new);
    }
}
