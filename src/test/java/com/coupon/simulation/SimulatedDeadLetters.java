package com.coupon.simulation;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.DeadLetter;
import com.coupon.persistence.domain.DeadLetterFilter;
import com.coupon.persistence.domain.QuarantinedRecord;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.shared.CampaignId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Dead letters, as far as a rebuild asks for them; operators decide on none. */
final class SimulatedDeadLetters implements DeadLetters {

    private final List<IssuedCoupon> letters = new ArrayList<>();
    private final Set<Long> replayed = new HashSet<>();

    void add(IssuedCoupon coupon) {
        if (!letters.contains(coupon)) {
            letters.add(coupon);
        }
    }

    List<IssuedCoupon> all() {
        return letters;
    }

    @Override
    public List<OpenLetter> open(CampaignId campaign, long after, int limit) {
        return LongStream.rangeClosed(after + 1, letters.size())
                .filter(id -> !replayed.contains(id))
                .limit(limit)
                .mapToObj(id -> new OpenLetter(id, letters.get((int) id - 1)))
                .toList();
    }

    @Override
    public void markReplayed(Collection<Long> ids) {
        replayed.addAll(ids);
    }

    @Override
    public long countOpen() {
        return letters.size() - (long) replayed.size();
    }

    private static UnsupportedOperationException nobodyAsks() {
        return new UnsupportedOperationException("Nobody asks for it here.");
    }

    @Override
    public void add(List<QuarantinedRecord> records) {
        throw nobodyAsks();
    }

    @Override
    public Optional<DeadLetter> find(long id) {
        throw nobodyAsks();
    }

    @Override
    public RecordContent content(DeadLetter letter) {
        throw nobodyAsks();
    }

    @Override
    public void noteInspection(DeadLetter letter) {
        throw nobodyAsks();
    }

    @Override
    public List<DeadLetter> page(DeadLetterFilter filter, long after, int limit) {
        throw nobodyAsks();
    }

    @Override
    public Optional<DeadLetter> replay(long id, Consumer<DeadLetter> first) {
        throw nobodyAsks();
    }

    @Override
    public Optional<DeadLetter> requestReplay(long id, Consumer<DeadLetter> first) {
        throw nobodyAsks();
    }

    @Override
    public Optional<DeadLetter> discard(long id, String reason) {
        throw nobodyAsks();
    }
}
