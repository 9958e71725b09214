package com.coupon.issuance.domain;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a campaign a caller is prepared to change.
 *
 * @param versions null for any
 */
public record VersionMatch(@Nullable Set<Long> versions) {

    public static final VersionMatch ANY = new VersionMatch(null);

    public static VersionMatch of(long version) {
        return new VersionMatch(Set.of(version));
    }

    public boolean matches(long version) {
        return versions == null || versions.contains(version);
    }

    /**
     * @throws StaleVersionException if the campaign is none of them
     */
    public void require(Campaign campaign) {
        if (!matches(campaign.version())) {
            throw new StaleVersionException(campaign.version());
        }
    }
}
