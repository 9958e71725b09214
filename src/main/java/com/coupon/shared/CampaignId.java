package com.coupon.shared;

import java.util.regex.Pattern;

/**
 * Names a campaign, for people and in URLs.
 *
 * @param value 1 to 64 characters: lower-case letters, digits and inner or trailing hyphens
 */
public record CampaignId(String value) implements Comparable<CampaignId> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /**
     * @throws InvalidValueException if the value has another form
     */
    public CampaignId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException("campaign-id");
        }
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
