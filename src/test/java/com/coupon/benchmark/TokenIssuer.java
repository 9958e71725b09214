package com.coupon.benchmark;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Issues tokens of RS256 with a key of 2,048 bits, and shows its public key. */
final class TokenIssuer implements AutoCloseable {

    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";
    static final String KEYS = JWT + "jwk-set-uri";

    private static final Duration LIFETIME = Duration.ofHours(12);

    private final HttpServer server;
    private final RSAKey key;

    TokenIssuer() {
        try {
            this.key =
                    new RSAKeyGenerator(2048)
                            .keyID("benchmark")
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(JWSAlgorithm.RS256)
                            .generate();
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/jwks",
                exchange -> {
                    try (exchange) {
                        byte[] keys = publicKeys().getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, keys.length);
                        exchange.getResponseBody().write(keys);
                    }
                });
        server.start();
    }

    String publicKeys() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    /** As the service is told of it. */
    Map<String, String> properties() {
        return Map.of(
                KEYS,
                "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks",
                JWT + "issuer-uri",
                ComparisonServer.ISSUER,
                JWT + "audiences",
                ComparisonServer.AUDIENCE);
    }

    /** Tokens of as many members. */
    List<String> tokens(int count, long firstMember) {
        return LongStream.range(firstMember, firstMember + count)
                .parallel()
                .mapToObj(number -> token(Requests.PREFIX + number))
                .toList();
    }

    private String token(String member) {
        var now = Instant.now();
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                        new JWTClaimsSet.Builder()
                                .issuer(ComparisonServer.ISSUER)
                                .audience(ComparisonServer.AUDIENCE)
                                .subject(member)
                                .issueTime(Date.from(now))
                                .expirationTime(Date.from(now.plus(LIFETIME)))
                                .claim("scope", "coupon.claim")
                                .build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
