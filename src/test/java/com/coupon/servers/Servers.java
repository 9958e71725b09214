package com.coupon.servers;

import java.util.Map;

/** A Redis primary with a replica, a PostgreSQL and a Kafka, all real and all on this machine. */
public interface Servers extends AutoCloseable {

    /** Address of the Redis primary as {@code host:port}; its replica is in step with it. */
    String redis();

    String jdbcUrl();

    /** Bootstrap servers of Kafka. */
    String kafka();

    @Override
    void close();

    /** The addresses as the application is told of them. */
    default Map<String, String> properties() {
        return Map.of(
                "coupon.redis.nodes",
                redis(),
                "coupon.redis.replicas-to-await",
                "1",
                "spring.datasource.url",
                jdbcUrl(),
                "spring.datasource.username",
                "postgres",
                "spring.datasource.password",
                "postgres",
                "spring.kafka.bootstrap-servers",
                kafka());
    }
}
