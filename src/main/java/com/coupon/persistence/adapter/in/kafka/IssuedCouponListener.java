package com.coupon.persistence.adapter.in.kafka;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.shared.ConsumerRole;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.BatchListenerFailedException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes issued coupons from the topic to the ledger, batch by batch; the offsets follow the commit
 * of the database.
 *
 * <p>Where one record cannot be recorded for good, those before it are, the record is named to
 * {@link LedgerErrorHandler}, and those after it come again.
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
    void record(List<ConsumerRecord<String, byte[]>> records) {
        List<IssuedCoupon> coupons = new ArrayList<>(records.size());
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                coupons.add(read(record));
            } catch (JacksonException | IllegalArgumentException e) {
                recordAll(coupons);
                throw poison(e, coupons.size());
            }
        }
        recordAll(coupons);
    }

    private IssuedCoupon read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw new IllegalArgumentException("The record has no value.");
        }
        return json.readValue(record.value(), IssuedCouponMessage.class).toCoupon();
    }

    /** Coupons are in the order of the records, from the first on. */
    private void recordAll(List<IssuedCoupon> coupons) {
        List<IssuedCoupon> conflicts;
        try {
            conflicts = ledger.record(coupons).conflicts();
        } catch (UnrecordableException e) {
            recordOneByOne(coupons);
            return;
        }
        if (!conflicts.isEmpty()) {
            throw poison(contradiction(), coupons.indexOf(conflicts.getFirst()));
        }
    }

    /** Finds the one that spoiled the batch. */
    private void recordOneByOne(List<IssuedCoupon> coupons) {
        for (int i = 0; i < coupons.size(); i++) {
            try {
                if (!ledger.record(List.of(coupons.get(i))).conflicts().isEmpty()) {
                    throw contradiction();
                }
            } catch (UnrecordableException e) {
                throw poison(e, i);
            }
        }
    }

    private static UnrecordableException contradiction() {
        return new UnrecordableException(
                "The ledger has another coupon for this serial, member or code.");
    }

    private static BatchListenerFailedException poison(Exception cause, int index) {
        return new BatchListenerFailedException("A record cannot be recorded.", cause, index);
    }
}
