package com.coupon.architecture.violations.adapter.in.two;

import com.coupon.architecture.violations.adapter.in.one.PublicAdapter;

/** Breaks the rule that adapters do not know each other. */
record AdapterThatKnowsAnother(PublicAdapter adapter) {}
