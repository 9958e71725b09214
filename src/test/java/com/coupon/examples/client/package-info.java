/**
 * An example of a client that keeps the rules of {@code docs/clients.md}, to be read and copied. It
 * needs the JDK's own HTTP client, and Jackson to read answers.
 */
@NullMarked
package com.coupon.examples.client;

import org.jspecify.annotations.NullMarked;
