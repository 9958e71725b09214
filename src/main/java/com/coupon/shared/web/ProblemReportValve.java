package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatusCode;

/**
 * Answers in Tomcat's stead, and in the form of all problems, where a request never got as far as
 * Spring. One request is not answered, but its connection closed, so that a gateway asks another
 * node: that whose headers Tomcat had not read yet when it was told to let no more in. Tomcat means
 * to answer it with 503, then misses the host among the headers and makes that a 400.
 */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        if (isStopping(request) && isWithoutHeaders(request)) {
            response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
            return;
        }
        var problem = new ProblemException(ProblemCode.of(HttpStatusCode.valueOf(status)));
        try {
            String body = ProblemWriter.prepare(problem, AcceptedLanguage.of(request), response);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            response.getReporter().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("A problem could not be written", e);
        }
    }

    private static boolean isStopping(Request request) {
        return request.getConnector().getProtocolHandler()
                        instanceof AbstractHttp11Protocol<?> protocol
                && protocol.isPaused();
    }

    private static boolean isWithoutHeaders(Request request) {
        return request.getCoyoteRequest().getMimeHeaders().size() == 0;
    }

    /** Has Tomcat use the valve. */
    @EveryRole
    static final class Installer
            implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addContextCustomizers(context ->
                    ((StandardHost) context.getParent())
                            .setErrorReportValveClass(ProblemReportValve.class.getName()));
        }
    }
}
