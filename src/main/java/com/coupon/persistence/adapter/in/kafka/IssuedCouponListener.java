package com.coupon.persistence.adapter.in.kafka;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.shared.ConsumerRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.BatchListenerFailedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes issued coupons from the topic to the ledger, batch by batch; the offsets follow the commit
 * of the database.
 *
 * <p>Records that can never be recorded go to the dead letters, alone and at once; all others of
 * the batch are recorded. Where the database or the topic of dead letters is away, the first record
 * that is not seen to is named to {@link LedgerErrorHandler}, and comes again with those after it.
 */
@ConsumerRole
final class IssuedCouponListener {

    static final String ID = "ledger";

    private final RecordIssuances ledger;
    private final DeadLetterSender deadLetters;
    private final JsonMapper json;

    IssuedCouponListener(RecordIssuances ledger, DeadLetterSender deadLetters, JsonMapper json) {
        this.ledger = ledger;
        this.deadLetters = deadLetters;
        this.json = json;
    }

    /**
     * @param index of its record in the batch
     */
    private record Read(int index, IssuedCoupon coupon) {}

    @KafkaListener(id = ID, idIsGroup = false, topics = "${coupon.kafka.topic}", batch = "true")
    void record(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Read> coupons = new ArrayList<>(records.size());
        SortedMap<Integer, UnrecordableException> refused = new TreeMap<>();
        for (int i = 0; i < records.size(); i++) {
            try {
                coupons.add(new Read(i, IssuedCouponMessage.read(json, records.get(i).value())));
            } catch (RuntimeException e) {
                refused.put(
                        i,
                        new UnrecordableException(
                                Reason.UNREADABLE, "It cannot be read: " + e.getMessage(), e));
            }
        }
        recordAll(coupons, refused);
        refused.forEach((index, refusal) -> quarantine(records, index, refusal));
    }

    /**
     * Halves what is refused until it is alone: it is rare, and the rest is recorded in batches.
     */
    private void recordAll(List<Read> coupons, SortedMap<Integer, UnrecordableException> refused) {
        if (coupons.isEmpty()) {
            return;
        }
        int first = coupons.getFirst().index();
        try {
            var recorded = ledger.record(coupons.stream().map(Read::coupon).toList());
            Set<IssuedCoupon> conflicts = Set.copyOf(recorded.conflicts());
            coupons.stream()
                    .filter(read -> conflicts.contains(read.coupon()))
                    .forEach(read -> refused.put(read.index(), contradiction()));
        } catch (UnrecordableException e) {
            if (coupons.size() == 1) {
                refused.put(first, e);
            } else {
                int half = coupons.size() / 2;
                recordAll(coupons.subList(0, half), refused);
                recordAll(coupons.subList(half, coupons.size()), refused);
            }
        } catch (Delay e) {
            throw e;
        } catch (RuntimeException e) {
            // Nothing is in the dead letters yet.
            int notSeenTo = refused.isEmpty() ? first : Math.min(first, refused.firstKey());
            throw new Delay("Not recorded: " + e.getMessage(), e, notSeenTo);
        }
    }

    private static UnrecordableException contradiction() {
        return new UnrecordableException(
                Reason.CONFLICT, "The ledger has another coupon for this serial, member or code.");
    }

    private void quarantine(
            List<ConsumerRecord<byte[], byte[]>> records,
            int index,
            UnrecordableException refusal) {
        try {
            deadLetters.send(records.get(index), refusal);
        } catch (RuntimeException e) {
            throw new Delay("Not among the dead letters: " + e.getMessage(), e, index);
        }
    }

    /** All records before this one are seen to; what came of it and the others is not known. */
    static final class Delay extends BatchListenerFailedException {

        Delay(String message, RuntimeException cause, int index) {
            super(message, cause, index);
        }
    }
}
