package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.port.in.FollowCampaign;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The open answer to one subscriber. Thread-safe.
 *
 * <p>It is written as the client reads, by the non-blocking writes of the servlet API: a blocking
 * one waits up to the server's time-out for a client that does not read, so that a few of those
 * would hold up all others, or take a pool of threads. Here a slow client costs no thread at all.
 * What it has not taken when there is something newer is never sent to it, so it costs one event of
 * memory. The web server gives up on whoever takes nothing for {@code
 * server.tomcat.connection-timeout}.
 */
final class EventStream implements FollowCampaign.Follower, WriteListener, AsyncListener {

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final Function<CampaignView, byte[]> format;
    private final FollowCampaign campaigns;
    private final Runnable dropped;

    private byte @Nullable [] next;

    /** Before the web server says so for the first time nothing may be written. */
    private boolean begun;

    private boolean unflushed;
    private boolean ending;
    private boolean broken;
    private boolean completed;

    /**
     * @param format of an event
     * @param campaigns who hears when it has ended
     * @param dropped to be run if it ends because the client did not read
     * @param first what to begin with
     */
    EventStream(
            AsyncContext context,
            ServletOutputStream out,
            Function<CampaignView, byte[]> format,
            FollowCampaign campaigns,
            Runnable dropped,
            byte[] first) {
        this.context = context;
        this.out = out;
        this.format = format;
        this.campaigns = campaigns;
        this.dropped = dropped;
        this.next = first;
    }

    /** Has the web server write it, as soon as the request's own thread has gone. */
    void open() {
        context.setTimeout(0); // how long it lasts is for those who end it to say
        context.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    public synchronized void show(CampaignView view) {
        if (!ending) {
            next = format.apply(view);
            tryToWrite();
        }
    }

    @Override
    public synchronized void keepAlive() {
        if (!ending && next == null) {
            next = COMMENT;
            tryToWrite();
        }
    }

    /** After what still waits to be written. */
    @Override
    public synchronized void end() {
        if (!ending) {
            ending = true;
            tryToWrite();
        }
    }

    private void tryToWrite() {
        try {
            write();
        } catch (IOException | RuntimeException e) {
            // The client has gone; the web server, which noticed it first, says so by onError.
            broken = true;
        }
    }

    /** The web server comes back by {@link #onWritePossible} whenever it was not ready. */
    private void write() throws IOException {
        while (begun && !broken && !completed && out.isReady()) {
            if (next != null) {
                byte[] event = next;
                next = null;
                unflushed = true;
                out.write(event);
            } else if (unflushed) {
                unflushed = false;
                out.flush();
            } else {
                if (ending) {
                    complete();
                }
                return;
            }
        }
    }

    private void complete() {
        if (!completed) {
            completed = true;
            try {
                context.complete();
            } catch (IllegalStateException e) {
                // The web server was first.
            }
        }
    }

    @Override
    public synchronized void onWritePossible() throws IOException {
        begun = true;
        write();
    }

    @Override
    public void onError(Throwable failure) {
        if (failure instanceof SocketTimeoutException) {
            dropped.run();
        }
        giveUp();
    }

    @Override
    public void onError(AsyncEvent event) {
        giveUp();
    }

    private synchronized void giveUp() {
        broken = true;
        complete();
    }

    /**
     * Takes no lock, since the web server holds one of its own here that {@link #complete} needs.
     * Nothing is written any more: it comes after complete, or onError.
     */
    @Override
    public void onComplete(AsyncEvent event) {
        campaigns.leave(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
