package com.coupon.issuance.adapter.in.web;

import com.coupon.shared.ApiRole;
import com.coupon.shared.web.Page;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The page where members claim a coupon, {@code /?campaign=<id>}. */
@ApiRole
final class ClaimPage extends Page {

    ClaimPage(ClaimPageProperties properties) {
        super(
                "claim",
                "/",
                Map.of(
                        "campaign",
                        properties.campaign(),
                        "asks-for-name",
                        Boolean.toString(properties.asksForName()),
                        "sign-in",
                        Objects.requireNonNullElse(properties.signIn(), ""),
                        "openers",
                        properties.openers().stream()
                                .map(URI::toString)
                                .collect(Collectors.joining(" "))));
    }
}
