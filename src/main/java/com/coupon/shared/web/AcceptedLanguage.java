package com.coupon.shared.web;

import com.coupon.shared.Language;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale.LanguageRange;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The language a caller would rather read, by {@code Accept-Language} (RFC 9110, section 12.5.4).
 * Whoever asks for none of ours, or for nothing that can be read, gets English.
 */
public final class AcceptedLanguage {

    /** Characters of a header that are looked at; none that is meant well is longer. */
    private static final int MAX_LENGTH = 128;

    private AcceptedLanguage() {}

    /** Of the request that this thread is answering. */
    static Language current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes call
                ? of(call.getRequest())
                : Language.ENGLISH;
    }

    /**
     * Costs time where the header is long, so that it is better asked for by a request's own
     * thread.
     */
    public static Language of(HttpServletRequest request) {
        return of(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
    }

    static Language of(@Nullable String header) {
        if (header == null || header.length() > MAX_LENGTH || !mayBeKorean(header)) {
            return Language.ENGLISH; // without the cost of reading it
        }
        try {
            for (LanguageRange range : LanguageRange.parse(header)) {
                if (range.getWeight() > 0) {
                    switch (range.getRange()) {
                        case String it when it.equals("ko") || it.startsWith("ko-") -> {
                            return Language.KOREAN;
                        }
                        case String it
                                when it.equals("*") || it.equals("en") || it.startsWith("en-") -> {
                            return Language.ENGLISH;
                        }
                        default -> {}
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            return Language.ENGLISH;
        }
        return Language.ENGLISH;
    }

    private static boolean mayBeKorean(String header) {
        for (int i = 0; i + 1 < header.length(); i++) {
            if ((header.charAt(i) | ' ') == 'k' && (header.charAt(i + 1) | ' ') == 'o') {
                return true;
            }
        }
        return false;
    }
}
