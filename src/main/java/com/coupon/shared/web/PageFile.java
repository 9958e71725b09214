package com.coupon.shared.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.web.context.request.ServletWebRequest;

/** A file of a page as it is sent, made once. Immutable. */
final class PageFile {

    private final String contentSecurityPolicy;
    private final String type;
    private final byte[] plain;
    private final byte[] compressed;
    private final String hash;

    /**
     * @param asks origins that the page may call, besides its own
     */
    PageFile(String name, byte[] bytes, Set<String> asks) {
        this.contentSecurityPolicy = contentSecurityPolicy(asks);
        MediaType media = MediaTypeFactory.getMediaType(name).orElseThrow();
        this.type =
                (media.getType().equals("text")
                                ? new MediaType(media, StandardCharsets.UTF_8)
                                : media)
                        .toString();
        this.plain = bytes;
        this.compressed = compress(bytes);
        this.hash = hash(bytes);
    }

    /**
     * A page runs what was delivered with it, asks its own server and those it has to, and is
     * nobody's frame; an element that is smuggled in does nothing.
     */
    private static String contentSecurityPolicy(Set<String> asks) {
        return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
                + Stream.concat(Stream.of("'self'"), asks.stream().sorted())
                        .collect(Collectors.joining(" "))
                + "; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static byte[] compress(byte[] bytes) {
        var compressed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends it, or says that the client has it. */
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Content-Security-Policy", contentSecurityPolicy);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        // so that files of two releases never meet in a browser for longer than a release takes
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        boolean compresses = takesGzip(request);
        String etag = compresses ? hash + "-gzip" : hash;
        if (new ServletWebRequest(request, response).checkNotModified(etag)) {
            return;
        }
        byte[] body = compresses ? compressed : plain;
        if (compresses) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** What browsers send; whoever words it in another way gets it uncompressed. */
    private static boolean takesGzip(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (String encoding : accepted.split(",", 16)) {
            if (encoding.strip().equals("gzip")) {
                return true;
            }
        }
        return false;
    }
}
