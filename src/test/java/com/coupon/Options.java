package com.coupon;

/** Options of the commands of this folder, as they are typed. */
public final class Options {

    private Options() {}

    /**
     * @param name of the option, for whoever mistyped its value
     * @throws IllegalArgumentException if the value is no whole number from 1 to the most
     */
    public static int number(String name, String value, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as of numbers out of range
        }
        throw new IllegalArgumentException(
                "--" + name + " is a whole number from 1 to " + most + ", not '" + value + "'.");
    }
}
