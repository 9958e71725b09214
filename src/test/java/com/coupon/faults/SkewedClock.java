package com.coupon.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A JVM whose {@link Clock}s and {@link Instant#now()} are ahead of the time of the machine or
 * behind it, by a changed copy of one class of the JDK. {@link System#currentTimeMillis()} stays as
 * it is.
 */
final class SkewedClock {

    private static final String CLASS = "java/time/Clock.class";

    private SkewedClock() {}

    /**
     * The flag of the JVM.
     *
     * @param folder for the changed class
     * @param skew how far ahead, or below zero how far behind
     */
    static String flag(Path folder, Duration skew) {
        try (InputStream in = Object.class.getResourceAsStream("/" + CLASS)) {
            byte[] original = Objects.requireNonNull(in).readAllBytes();
            Path copy = folder.resolve(CLASS);
            Files.createDirectories(copy.getParent());
            Files.write(copy, changed(original, skew));
            return "--patch-module=java.base=" + folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] changed(byte[] original, Duration skew) {
        ClassDesc instant = ClassDesc.of(Instant.class.getName());
        MethodTypeDesc plus = MethodTypeDesc.of(instant, ConstantDescs.CD_long);
        ClassFile file = ClassFile.of();
        return file.transformClass(
                file.parse(original),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("currentInstant"),
                        (code, element) -> {
                            if (element instanceof ReturnInstruction returning
                                    && returning.typeKind() == TypeKind.REFERENCE) {
                                code.loadConstant(skew.toSeconds());
                                code.invokevirtual(instant, "plusSeconds", plus);
                            }
                            code.with(element);
                        }));
    }
}
