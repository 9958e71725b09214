package com.coupon.benchmark;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Profile;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** The same refusal behind every door, and behind two ways of waiting for it. */
final class BareDoors {

    private static final long LONG_ENOUGH_MILLIS = 5_000;

    private final byte[] body;
    private final BlockingQueue<CompletableFuture<byte[]>> waiting = new LinkedBlockingQueue<>();

    BareDoors(String body) {
        this.body = body.getBytes(StandardCharsets.UTF_8);
        Thread batches = new Thread(this::answerInBatches, "batches");
        batches.setDaemon(true);
        batches.start();
    }

    void register(GenericApplicationContext beans) {
        beans.registerBean(Controller.class, () -> new Controller(body));
        beans.registerBean(
                "functionalRoute",
                RouterFunction.class,
                () ->
                        RouterFunctions.route()
                                .POST(
                                        "/functional",
                                        request ->
                                                ServerResponse.status(HttpStatus.CONFLICT)
                                                        .contentType(
                                                                MediaType.APPLICATION_PROBLEM_JSON)
                                                        .contentLength(body.length)
                                                        .body(body))
                                .build());
        beans.registerBean(
                "handlers",
                SimpleUrlHandlerMapping.class,
                () ->
                        new SimpleUrlHandlerMapping(
                                Map.of("/handler", (HttpRequestHandler) this::handle), -1));
        beans.registerBean(
                "valve",
                WebServerFactoryCustomizer.class,
                () ->
                        (WebServerFactoryCustomizer<TomcatServletWebServerFactory>)
                                factory -> factory.addEngineValves(new Valve()));
        beans.registerBean(
                "waiting", ServletRegistrationBean.class, () -> servlet("/waiting", false));
        beans.registerBean(
                "waitingAsync",
                ServletRegistrationBean.class,
                () -> servlet("/waiting-async", true));
    }

    private ServletRegistrationBean<HttpServlet> servlet(String path, boolean asynchronous) {
        var registration =
                new ServletRegistrationBean<HttpServlet>(new Waiting(asynchronous), path);
        registration.setName(path.substring(1));
        return registration;
    }

    private void handle(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        refuse(body, response);
    }

    private static void refuse(byte[] body, HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_CONFLICT);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private void answerInBatches() {
        List<CompletableFuture<byte[]>> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(waiting.take());
                waiting.drainTo(batch);
                batch.forEach(one -> one.complete(body));
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Profile(ComparisonServer.PROFILE)
    @RestController
    static final class Controller {

        private final byte[] body;

        Controller(byte[] body) {
            this.body = body.clone();
        }

        @PostMapping("/refusing")
        ResponseEntity<byte[]> refuse() {
            return ResponseEntity.status(HttpStatus.CONFLICT)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(body);
        }
    }

    private final class Valve extends ValveBase {

        Valve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response)
                throws IOException, ServletException {
            if ("/valve".equals(request.getRequestURI())) {
                refuse(body, response);
            } else {
                getNext().invoke(request, response);
            }
        }
    }

    private final class Waiting extends HttpServlet {

        private final boolean asynchronous;

        Waiting(boolean asynchronous) {
            this.asynchronous = asynchronous;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            var answer = new CompletableFuture<byte[]>();
            if (asynchronous) {
                AsyncContext context = request.startAsync();
                context.setTimeout(LONG_ENOUGH_MILLIS);
                var _ = answer.thenAccept(bytes -> complete(context, bytes, response));
                waiting.add(answer);
                return;
            }
            waiting.add(answer);
            try {
                refuse(answer.get(LONG_ENOUGH_MILLIS, TimeUnit.MILLISECONDS), response);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IOException(e);
            }
        }

        private static void complete(
                AsyncContext context, byte[] bytes, HttpServletResponse response) {
            try {
                refuse(bytes, response);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            context.complete();
        }
    }
}
