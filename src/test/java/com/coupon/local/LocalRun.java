package com.coupon.local;

import com.coupon.CouponApplication;
import com.coupon.servers.RunningServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;

/** Runs both roles in one process on embedded servers: {@code mvn spring-boot:test-run}. */
public final class LocalRun {

    static final List<Integer> PORTS = List.of(8080, 8081);

    private static final URI URL = URI.create("http://localhost:8080");

    private static final String WARM_UP = "coupon.issuance.warm-up.claims";

    private LocalRun() {}

    public static void main(String[] args) {
        for (int port : PORTS) {
            if (isTaken(port)) {
                System.err.printf(
                        "Port %d is taken. Stop what listens there, and start again.%n", port);
                System.exit(1);
            }
        }
        RunningServers.get().properties().forEach(System::setProperty);
        if (System.getProperty(WARM_UP) == null) {
            System.setProperty(WARM_UP, "0"); // who tries it out would rather not wait
        }
        System.setProperty("coupon.claim-page.campaign", DemoCampaign.WELCOME.value());
        System.setProperty("coupon.claim-page.asks-for-name", "true");
        start(args).getBean(DemoCrowd.class).visit(DemoCampaign.WELCOME, URL);
    }

    private static ApplicationContext start(String... args) {
        try {
            return SpringApplication.from(CouponApplication::main)
                    .with(DemoCampaign.class, DemoCrowd.class)
                    .withAdditionalProfiles("api", "consumer", "local")
                    .run(args)
                    .getApplicationContext();
        } catch (RuntimeException e) {
            // Spring Boot has said what is wrong; without this the servers would keep the process.
            System.exit(1);
            throw e;
        }
    }

    private static boolean isTaken(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !socket.isBound();
        } catch (IOException e) {
            return true;
        }
    }
}
