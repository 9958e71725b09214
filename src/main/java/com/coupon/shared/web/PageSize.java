package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reads lists page by page, none longer than {@code coupon.web.max-page}. Thread-safe. */
@EveryRole
public final class PageSize {

    private final int max;

    PageSize(WebProperties properties) {
        this.max = properties.maxPage();
    }

    /**
     * A page of a list.
     *
     * @param last the last of the items where there is a next page, else null
     */
    public record Slice<T>(List<T> items, @Nullable T last) {}

    /**
     * Reads a page, and one item more, which tells whether there is a next page.
     *
     * @param limit items of the page at most
     * @param read gives the items from where the page begins on, as many as asked for at most
     * @throws ProblemException if the limit is below 1 or above the longest page
     */
    public <T> Slice<T> read(int limit, IntFunction<List<T>> read) {
        if (limit < 1 || limit > max) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("limit", max);
        }
        List<T> found = read.apply(limit + 1);
        return found.size() > limit
                ? new Slice<>(found.subList(0, limit), found.get(limit - 1))
                : new Slice<>(found, null);
    }
}
