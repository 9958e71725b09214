package com.coupon.shared.erasure;

import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.spi.PersonalData;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Members who are to be forgotten. The member stands in the body, because addresses end up in logs.
 */
@ConsumerRole
@RestController
final class ErasureController {

    private final List<PersonalData> places;

    ErasureController(List<PersonalData> places) {
        this.places = places;
    }

    /** Whom to forget. */
    record NewErasure(@NotNull String memberId) {}

    /**
     * How far a member is forgotten.
     *
     * @param kept campaigns in which he is still known, because they are not archived
     */
    record Erasure(List<String> kept) {}

    /**
     * Forgets a member in all campaigns that are archived; names those that are not and know him.
     * Repeating the call is safe.
     */
    @PostMapping("/api/v1/admin/erasures")
    @Answers(problems = ProblemCode.RECOVERING)
    Erasure erase(@Valid @RequestBody NewErasure request) {
        var member = new MemberId(request.memberId());
        return new Erasure(
                places.stream()
                        .flatMap(place -> place.erase(member).stream())
                        .map(campaign -> campaign.value())
                        .distinct()
                        .sorted()
                        .toList());
    }
}
