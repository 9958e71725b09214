package com.coupon;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** So that it soon shows when a client does not read. */
@TestConfiguration(proxyBeanMethods = false)
class SmallSendBuffers {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallSendBuffers() {
        return tomcat ->
                tomcat.addConnectorCustomizers(
                        connector -> connector.setProperty("socket.txBufSize", "2048"));
    }
}
