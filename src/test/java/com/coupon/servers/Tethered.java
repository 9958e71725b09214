package com.coupon.servers;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Runs another main class in a process that ends with the one that started it, even where that one
 * is killed: it watches its standard input, which then ends.
 */
public final class Tethered {

    private Tethered() {}

    /**
     * @param args the name of the main class and its arguments
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        Thread.ofPlatform().daemon().name("tether").start(Tethered::endWithStandardInput);
        Method main = Class.forName(args[0]).getMethod("main", String[].class);
        main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    }

    private static void endWithStandardInput() {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes
            }
        } catch (IOException e) {
            // As if it had ended
        }
        Runtime.getRuntime().halt(1);
    }
}
