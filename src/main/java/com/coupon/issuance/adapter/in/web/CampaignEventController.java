package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.port.in.FollowCampaign;
import com.coupon.issuance.port.in.ViewCampaign;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Campaigns as the public sees them, live. */
@ApiRole
@RestController
final class CampaignEventController {

    private final ViewCampaign campaigns;
    private final FollowCampaign following;
    private final JsonMapper json;
    private final Duration retry;
    private final Counter dropped;

    CampaignEventController(
            ViewCampaign campaigns,
            FollowCampaign following,
            JsonMapper json,
            IssuanceProperties properties,
            MeterRegistry meters) {
        this.campaigns = campaigns;
        this.following = following;
        this.json = json;
        this.retry = properties.events().retry();
        this.dropped =
                Counter.builder("coupon.events.dropped")
                        .description("Clients that followed a campaign and did not read")
                        .register(meters);
    }

    /**
     * Follows a campaign at this instant and from now on, by Server-Sent Events. It needs no
     * caller. An event {@code campaign} has in its data what the view shows, and as its id a name
     * of that state. The first comes at once, others when the campaign has changed; whoever names
     * the present state as {@code Last-Event-ID} is not told it again. After an event with the
     * state CLOSED or ARCHIVED the answer ends, and whoever knows that event is answered 204, by
     * which browsers stop asking. Otherwise it ends after a while, and the client asks again.
     */
    @GetMapping(
            path = "/api/v1/campaigns/{campaign}/events",
            produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Answers(
            value = {HttpStatus.OK, HttpStatus.NO_CONTENT},
            body = String.class,
            headers = "Cache-Control",
            problems = {ProblemCode.UNKNOWN_CAMPAIGN, ProblemCode.RECOVERING})
    void follow(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        CampaignView view =
                campaigns
                        .view(campaign)
                        .orElseThrow(() -> new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN));
        boolean known = view.revision().equals(lastEventId);
        if (known && view.isOver()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            noStore(response);
        } else if (request.getMethod().equals("HEAD")) {
            head(response);
        } else if (view.isOver()) {
            head(response);
            response.getOutputStream().write(event(view));
        } else {
            byte[] first = known ? bytes(reconnection() + '\n') : event(view);
            EventStream stream =
                    following
                            .follow(view, () -> stream(first, request, response))
                            .orElseThrow(() -> new ProblemException(ProblemCode.OVERLOADED));
            head(response);
            stream.open();
        }
    }

    private EventStream stream(
            byte[] first, HttpServletRequest request, HttpServletResponse response) {
        try {
            ServletOutputStream out = response.getOutputStream();
            return new EventStream(
                    request.startAsync(), out, this::event, following, dropped::increment, first);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void head(HttpServletResponse response) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader("X-Accel-Buffering", "no"); // or NGINX keeps events to itself
        noStore(response);
    }

    private static void noStore(HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
    }

    private byte[] event(CampaignView view) {
        return bytes(
                "event: campaign\nid: %s\ndata: %s\n%s\n"
                        .formatted(
                                view.revision(),
                                json.writeValueAsString(CampaignBody.of(view)),
                                reconnection()));
    }

    /** Spread out, so that clients whose answers ended together do not come back together. */
    private String reconnection() {
        long millis = ThreadLocalRandom.current().nextLong(retry.toMillis(), 2 * retry.toMillis());
        return "retry: " + millis + '\n';
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
