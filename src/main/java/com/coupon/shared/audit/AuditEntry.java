package com.coupon.shared.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an operator did.
 *
 * @param id rises with time
 * @param operator who; {@code the service} for what it does by itself
 * @param action what, such as {@code campaign.opened}
 * @param subject to what, such as the id of a campaign
 * @param before what it was like, or null where it was not
 * @param after what it is like since, or null where it is no more
 */
public record AuditEntry(
        long id,
        Instant at,
        String operator,
        String action,
        String subject,
        @Nullable JsonNode before,
        @Nullable JsonNode after) {}
