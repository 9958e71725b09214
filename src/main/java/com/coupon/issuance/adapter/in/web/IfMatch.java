package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.VersionMatch;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code If-Match} (RFC 9110, 13.1.1), as it names versions of a campaign. A tag that is
 * weak, or that this service never gave, matches nothing.
 */
final class IfMatch {

    private static final Pattern VERSION = Pattern.compile("\"([1-9][0-9]{0,17})\"");

    private IfMatch() {}

    static VersionMatch optional(@Nullable String header) {
        if (header == null || header.strip().equals("*")) {
            return VersionMatch.ANY;
        }
        Set<Long> versions =
                Pattern.compile(",")
                        .splitAsStream(header)
                        .map(tag -> VERSION.matcher(tag.strip()))
                        .filter(Matcher::matches)
                        .map(tag -> Long.valueOf(tag.group(1)))
                        .collect(Collectors.toUnmodifiableSet());
        return new VersionMatch(versions);
    }

    /**
     * @throws ProblemException if there is none
     */
    static VersionMatch required(@Nullable String header) {
        if (header == null) {
            throw new ProblemException(ProblemCode.PRECONDITION_REQUIRED);
        }
        return optional(header);
    }
}
