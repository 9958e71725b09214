package com.coupon.shared;

/**
 * A value from outside has not the form it must have. The message is worded for whoever sent it.
 */
public final class InvalidValueException extends IllegalArgumentException {

    public InvalidValueException(String message) {
        super(message);
    }
}
