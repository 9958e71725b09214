package com.coupon.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.coupon.servers.RunningServers;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody opens connections, and sends half a request on each. */
class ConnectionsIT {

    /** With buffers as large as Tomcat makes them by itself, these took more than a node's heap. */
    private static final int CONNECTIONS = 4_000;

    private static final byte[] HALF =
            "POST /api/v1/campaigns/none/claims HTTP/1.1\r\nHost: localhost\r\nX-User"
                    .getBytes(US_ASCII);

    @TempDir private Path folder = Path.of("");

    @Test
    void theyDoNotTakeTheHeap() throws IOException {
        long files =
                ManagementFactory.getOperatingSystemMXBean()
                                instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : Long.MAX_VALUE;
        assumeThat(files).as("files a process may open").isGreaterThan(CONNECTIONS + 1_000);
        Path log = folder.resolve("node.log");
        List<Socket> sockets = new ArrayList<>();
        try (var node = new ServiceNode(log, properties())) {
            node.awaitReady();
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port());
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    var socket = new Socket();
                    sockets.add(socket);
                    socket.connect(address, 10_000);
                    socket.getOutputStream().write(HALF);
                }
                assertThat(node.isReady()).as("ready, with all connections taken").isTrue();
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() -> node.http().call("GET", "/", "").status() == 200);
        }
        assertThat(Files.readString(log))
                .contains("because the heap has room for no more")
                .doesNotContain("OutOfMemoryError");
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.keySet().removeIf(name -> name.startsWith("spring.datasource"));
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.issuance.warm-up.claims", "0");
        // or the first of them would be closed before the last one is there
        properties.put("server.tomcat.connection-timeout", "2m");
        return properties;
    }
}
