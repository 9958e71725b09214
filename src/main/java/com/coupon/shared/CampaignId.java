package com.coupon.shared;

import org.jspecify.annotations.Nullable;

/**
 * Names a campaign, for people and in URLs.
 *
 * @param value 1 to 64 characters: lower-case letters, digits and inner or trailing hyphens
 */
public record CampaignId(String value) implements Comparable<CampaignId> {

    private static final int MAX_LENGTH = 64;

    /**
     * @throws InvalidValueException if the value has another form
     */
    public CampaignId {
        if (!isWellFormed(value)) {
            throw new InvalidValueException("campaign-id");
        }
    }

    /** The same, with null in place of an exception. */
    public static @Nullable CampaignId parse(String value) {
        return isWellFormed(value) ? new CampaignId(value) : null;
    }

    /** By hand and not by a pattern, because it runs for every claim. */
    private static boolean isWellFormed(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || value.charAt(0) == '-') {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(CampaignId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
