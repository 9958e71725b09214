package com.coupon.issuance.adapter.in.web;

import com.coupon.shared.CampaignId;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.claim-page}: what the page for members is told.
 *
 * @param campaign the campaign that is shown where the address names none; none, where it is left
 *     out
 * @param asksForName whether visitors say themselves who they are. It needs {@code
 *     coupon.security.identity=header} and is for trying things out, since everybody can be anybody
 * @param signIn where members sign in, an address of the site that opens the page; without it the
 *     page only says that they have to
 * @param openers origins of the sites that open the page and hand it their members' tokens
 */
@ConfigurationProperties("coupon.claim-page")
@Validated
record ClaimPageProperties(
        @DefaultValue("") String campaign,
        @DefaultValue("false") boolean asksForName,
        @Nullable String signIn,
        @DefaultValue @Size(max = 16) List<URI> openers) {

    ClaimPageProperties {
        if (!campaign.isEmpty()) {
            new CampaignId(campaign);
        }
        if (signIn != null && !isOfTheWeb(URI.create(signIn))) {
            throw new IllegalArgumentException(
                    "sign-in: '" + signIn + "' is no address that begins with https://");
        }
        for (URI opener : openers) {
            if (!isOfTheWeb(opener) || !opener.equals(originOf(opener))) {
                throw new IllegalArgumentException(
                        "openers: '"
                                + opener
                                + "' is no origin like https://shop.example, without a slash at its end");
            }
        }
    }

    /** Plain HTTP is for the machine of a developer. */
    private static boolean isOfTheWeb(URI address) {
        return address.getHost() != null
                && ("https".equals(address.getScheme())
                        || ("http".equals(address.getScheme())
                                && ("localhost".equals(address.getHost())
                                        || "127.0.0.1".equals(address.getHost()))));
    }

    private static URI originOf(URI address) {
        return URI.create(
                address.getScheme()
                        + "://"
                        + address.getHost()
                        + (address.getPort() < 0 ? "" : ":" + address.getPort()));
    }
}
