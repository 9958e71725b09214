/** The use cases: claims on the {@code api} side, campaigns on the {@code consumer} side. */
@NullMarked
package com.coupon.issuance.application;

import org.jspecify.annotations.NullMarked;
