package com.coupon.persistence.adapter.in.kafka;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.shared.ConsumerRole;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.BatchListenerFailedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes issued coupons from the topic to the ledger, batch by batch; the offsets follow the commit
 * of the database.
 *
 * <p>Where a record cannot be recorded, those before it are, it is named to {@link
 * LedgerErrorHandler} with the cause, and those after it come again.
 */
@ConsumerRole
final class IssuedCouponListener {

    static final String ID = "ledger";

    private final RecordIssuances ledger;
    private final JsonMapper json;

    IssuedCouponListener(RecordIssuances ledger, JsonMapper json) {
        this.ledger = ledger;
        this.json = json;
    }

    @KafkaListener(id = ID, idIsGroup = false, topics = "${coupon.kafka.topic}", batch = "true")
    void record(List<ConsumerRecord<byte[], byte[]>> records) {
        List<IssuedCoupon> coupons = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                coupons.add(IssuedCouponMessage.read(json, record.value()));
            } catch (RuntimeException e) {
                recordAll(coupons);
                throw failedAt(
                        coupons.size(),
                        new UnrecordableException(
                                Reason.UNREADABLE, "It cannot be read: " + e.getMessage(), e));
            }
        }
        recordAll(coupons);
    }

    /** Coupons are in the order of the records, from the first on. */
    private void recordAll(List<IssuedCoupon> coupons) {
        List<IssuedCoupon> conflicts;
        try {
            conflicts = ledger.record(coupons).conflicts();
        } catch (UnrecordableException e) {
            recordOneByOne(coupons);
            return;
        } catch (RuntimeException e) {
            throw failedAt(0, e);
        }
        conflicts.stream()
                .mapToInt(coupons::indexOf)
                .min()
                .ifPresent(first -> {
                    throw failedAt(first, contradiction());
                });
    }

    /** Finds the one that spoiled the batch. */
    private void recordOneByOne(List<IssuedCoupon> coupons) {
        for (int i = 0; i < coupons.size(); i++) {
            try {
                if (!ledger.record(List.of(coupons.get(i))).conflicts().isEmpty()) {
                    throw contradiction();
                }
            } catch (RuntimeException e) {
                throw failedAt(i, e);
            }
        }
    }

    private static UnrecordableException contradiction() {
        return new UnrecordableException(
                Reason.CONFLICT, "The ledger has another coupon for this serial, member or code.");
    }

    /** All records before this one are recorded. */
    private static BatchListenerFailedException failedAt(int index, RuntimeException cause) {
        String message = "Not recorded: " + cause.getMessage();
        return cause instanceof UnrecordableException refusal
                ? new Poison(message, refusal, index)
                : new Delay(message, cause, index);
    }

    /** A record that can never be recorded. */
    static final class Poison extends BatchListenerFailedException {

        private final UnrecordableException refusal;

        Poison(String message, UnrecordableException cause, int index) {
            super(message, cause, index);
            this.refusal = cause;
        }

        UnrecordableException refusal() {
            return refusal;
        }
    }

    /** A record that could not be recorded this time. */
    static final class Delay extends BatchListenerFailedException {

        Delay(String message, RuntimeException cause, int index) {
            super(message, cause, index);
        }
    }
}
