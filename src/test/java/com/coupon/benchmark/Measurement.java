package com.coupon.benchmark;

/** One question, and how it is answered by measuring. */
interface Measurement {

    /** As the command line calls it. */
    String name();

    /** What was found. Whatever it started and the stage does not know, it has stopped. */
    Findings measure(Stage stage) throws Exception;
}
