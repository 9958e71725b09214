package com.coupon.servers;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Servers in containers. Their images are the system properties {@code coupon.test.image.redis},
 * {@code coupon.test.image.postgres} and {@code coupon.test.image.kafka}.
 */
final class ContainerServers implements Servers {

    private static final int REDIS_PORT = 6379;

    private final Network network = Network.newNetwork();
    private final GenericContainer<?> primary =
            new GenericContainer<>(image("redis", "redis:8"))
                    .withNetwork(network)
                    .withNetworkAliases("redis-primary")
                    .withExposedPorts(REDIS_PORT);
    private final GenericContainer<?> replica =
            new GenericContainer<>(image("redis", "redis:8"))
                    .withNetwork(network)
                    .withCommand("redis-server", "--replicaof", "redis-primary " + REDIS_PORT)
                    .withExposedPorts(REDIS_PORT)
                    .dependsOn(primary);
    private final PostgreSQLContainer postgres =
            new PostgreSQLContainer(
                            image("postgres", "postgres:18").asCompatibleSubstituteFor("postgres"))
                    .withUsername("postgres")
                    .withPassword("postgres");
    private final KafkaContainer kafka =
            new KafkaContainer(
                    image("kafka", "apache/kafka:4.2.1").asCompatibleSubstituteFor("apache/kafka"));

    ContainerServers() {
        Startables.deepStart(primary, replica, postgres, kafka).join();
    }

    private static DockerImageName image(String server, String byDefault) {
        return DockerImageName.parse(System.getProperty("coupon.test.image." + server, byDefault));
    }

    @Override
    public String redis() {
        return primary.getHost() + ":" + primary.getMappedPort(REDIS_PORT);
    }

    @Override
    public String jdbcUrl() {
        return postgres.getJdbcUrl();
    }

    @Override
    public String kafka() {
        return kafka.getBootstrapServers();
    }

    @Override
    public void close() {
        kafka.stop();
        postgres.stop();
        replica.stop();
        primary.stop();
        network.close();
    }
}
