package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Sees to it that connections of the public port cannot take the heap, however little is sent on
 * them. Half a request holds its buffers for as long as {@code server.tomcat.connection-timeout},
 * and a claim as long as it is being decided; so there are as many connections at most as half of
 * the heap has room for, whatever {@code server.tomcat.max-connections} says beyond that.
 */
@EveryRole
final class ConnectionBounds implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionBounds.class);

    /**
     * Bytes of each of the two buffers between a connection and its socket. A claim and its answer
     * fit; what is longer takes more than one turn.
     */
    private static final int SOCKET_BUFFER = 2_048;

    /**
     * Bytes of a connection with a request under way: some 35 KB from its first byte on, 40 KB more
     * once its headers are there, for what is read and written as bytes and as characters, which
     * only Tomcat could make smaller, and what is known of a claim.
     */
    private static final int OF_A_CONNECTION = 88 * 1_024;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(ConnectionBounds::bound);
    }

    private static void bound(Connector connector) {
        set(connector, "socket.appReadBufSize");
        set(connector, "socket.appWriteBufSize");
        var protocol = (AbstractProtocol<?>) connector.getProtocolHandler();
        long room = Runtime.getRuntime().maxMemory() / 2 / OF_A_CONNECTION;
        if (protocol.getMaxConnections() > room) {
            log.info(
                    "{} connections are taken at once and not {}, because the heap has room for no more.",
                    room,
                    protocol.getMaxConnections());
            protocol.setMaxConnections((int) room);
        }
    }

    private static void set(Connector connector, String buffer) {
        if (!connector.setProperty(buffer, Integer.toString(SOCKET_BUFFER))) {
            throw new IllegalStateException("Tomcat does not know " + buffer);
        }
    }
}
