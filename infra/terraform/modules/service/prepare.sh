#!/usr/bin/env bash
# Runs to its end before the service starts, as root in a container of its own without capabilities. It writes what ECS
# has given it from Secrets Manager to files that are named as properties, for spring.config.import=configtree:, so that
# no secret is in the environment of the service; and opens the volume for temporary files to the service's user, since
# volumes of Fargate belong to root.
#
# REDIS_PASSWORD, KAFKA_USER, KAFKA_PASSWORD; of the consumer role also DATABASE_PASSWORD and DATABASE_CA (PEM).
# SECRETS, TRUST and TEMPORARY are the folders, and have defaults.
set -euo pipefail
umask 022

secrets=${SECRETS:-/run/secrets}
trust=${TRUST:-/run/trust}

printf %s "$REDIS_PASSWORD" > "$secrets/coupon.redis.password"
printf 'org.apache.kafka.common.security.scram.ScramLoginModule required username="%s" password="%s";' \
    "$KAFKA_USER" "$KAFKA_PASSWORD" > "$secrets/spring.kafka.properties.sasl.jaas.config"
if [ -n "${DATABASE_PASSWORD:-}" ]; then
    printf %s "$DATABASE_PASSWORD" > "$secrets/spring.datasource.password"
    printf '%s\n' "$DATABASE_CA" > "$trust/database.pem"
fi
chmod 1777 "${TEMPORARY:-/tmp}"
