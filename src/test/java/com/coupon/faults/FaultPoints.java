package com.coupon.faults;

import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.IssuancePublisher;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Places in a node where it dies when told so: as kill -9 would have it, but at just that moment.
 * Which place it is is named by a file beside the node's log, since a dying node cannot be asked.
 */
final class FaultPoints implements BeanPostProcessor {

    /** The system property that names the folder in which a file per place appears. */
    static final String FOLDER = "coupon.faults.folder";

    private final Path folder = Path.of(System.getProperty(FOLDER));

    /** Where a node dies, as soon as it has issued something. */
    enum Place {
        AFTER_THE_SCRIPT,
        AFTER_THE_WAIT,
        AFTER_THE_PUBLICATION;

        /** The file that makes a node die here. */
        Path file(Path folder) {
            return folder.resolve(name());
        }
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return switch (bean) {
            case CouponStock stock -> dyingStock(stock);
            case IssuancePublisher publisher -> dyingPublisher(publisher);
            default -> bean;
        };
    }

    private CouponStock dyingStock(CouponStock stock) {
        return proxy(
                CouponStock.class,
                stock,
                (method, result) -> {
                    if (result instanceof CouponStock.Decision decision) {
                        if (decision.results().stream()
                                .anyMatch(ClaimResult.Issued.class::isInstance)) {
                            dieAt(Place.AFTER_THE_SCRIPT);
                        }
                        return dyingDecision(decision);
                    }
                    return result;
                });
    }

    private CouponStock.Decision dyingDecision(CouponStock.Decision decision) {
        return proxy(
                CouponStock.Decision.class,
                decision,
                (method, result) -> {
                    if (method.getName().equals("confirm")
                            && result instanceof Boolean confirmed
                            && confirmed) {
                        dieAt(Place.AFTER_THE_WAIT);
                    }
                    return result;
                });
    }

    private IssuancePublisher dyingPublisher(IssuancePublisher publisher) {
        return proxy(
                IssuancePublisher.class,
                publisher,
                (method, result) -> {
                    if (result instanceof List<?> acknowledged && !acknowledged.isEmpty()) {
                        dieAt(Place.AFTER_THE_PUBLICATION);
                    }
                    return result;
                });
    }

    private interface After {

        Object returned(Method method, Object result);
    }

    private static <T> T proxy(Class<T> port, T target, After after) {
        Object proxy =
                Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (self, method, arguments) -> {
                            try {
                                return after.returned(method, method.invoke(target, arguments));
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
        return port.cast(proxy);
    }

    private void dieAt(Place place) {
        if (Files.exists(place.file(folder))) {
            Runtime.getRuntime().halt(137);
        }
    }
}
