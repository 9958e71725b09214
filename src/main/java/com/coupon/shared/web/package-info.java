/** What all HTTP adapters have in common: who is calling, problems, bounds on what is read. */
@NamedInterface("web")
@NullMarked
package com.coupon.shared.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
