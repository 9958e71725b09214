package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Sees to it that connections cannot take the heap, whoever opens them and however little he sends.
 * Half a request holds all the buffers that a whole one needs, for as long as {@code
 * server.tomcat.connection-timeout}; so there are as many connections at most as half of the heap
 * has room for, whatever {@code server.tomcat.max-connections} says beyond that.
 */
@EveryRole
final class ConnectionBounds implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionBounds.class);

    /**
     * Bytes of each of the two buffers between a connection and its socket. A claim and its answer
     * fit; what is longer takes more than one turn.
     */
    private static final int SOCKET_BUFFER = 2_048;

    /** What half a request takes, in bytes, with what belongs to its connection. */
    private static final int OF_A_CONNECTION = 40 * 1_024;

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
