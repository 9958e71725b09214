package com.coupon.reconciliation.domain;

import org.jspecify.annotations.Nullable;

/** Which findings are meant; null is any. */
public record FindingFilter(Finding.@Nullable Kind kind, Run.@Nullable Disposition disposition) {

    public static final FindingFilter ALL = new FindingFilter(null, null);
}
