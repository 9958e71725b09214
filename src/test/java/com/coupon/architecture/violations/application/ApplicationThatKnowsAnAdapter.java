package com.coupon.architecture.violations.application;

import com.coupon.architecture.violations.adapter.in.one.PublicAdapter;

/** Breaks the rules that neither the application nor anybody else knows an adapter. */
record ApplicationThatKnowsAnAdapter(PublicAdapter adapter) {}
