# The service, for both of its roles: SPRING_PROFILES_ACTIVE says which. Needs BuildKit.
#
#   docker build -t coupon .

ARG MAVEN=maven:3.9.16-eclipse-temurin-25-noble
ARG JAVA=eclipse-temurin:25.0.4_7-jre-noble

FROM ${MAVEN} AS jar
WORKDIR /source
COPY pom.xml ./
COPY src ./src
# Fixed times in the jar: those of its libraries are noted in the AOT cache, and a layer that is taken from the build
# cache would bring other ones.
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -B -ntp package dependency:copy-dependencies -DskipTests -DoutputDirectory=target/libraries \
        -Dproject.build.outputTimestamp=2026-01-01T00:00:00Z

# What the cache is trained on must be what it is used on: this Java, these flags, this folder.
FROM ${JAVA} AS base
ENV JDK_JAVA_OPTIONS="-XX:+UseG1GC -XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin coupon
WORKDIR /application

# A drop against embedded servers, of which PostgreSQL refuses to be started by root
FROM base AS training
RUN chown coupon /application
USER coupon
RUN --mount=type=bind,from=jar,source=/source/target,target=/source/target \
    cd /source && java -cp 'target/test-classes:target/classes:target/libraries/*' \
        com.coupon.start.AotCacheRun --to=/application --rounds=0

FROM base
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="coupon" \
      org.opencontainers.image.description="First come, first served coupons" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=training --chown=0:0 /application/lib ./lib
COPY --from=training --chown=0:0 /application/coupon.jar /application/coupon.aot ./
# Fails where this Java would do without the cache, which it does silently otherwise
RUN java -XX:AOTMode=on -XX:AOTCache=coupon.aot -cp coupon.jar -version
USER 10001:10001
EXPOSE 8080 8081
# Ready: warmed up, or listening to Kafka
HEALTHCHECK --interval=5s --timeout=3s --start-period=90s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 2 status <&3 && [[ $status == *' 200 '* ]]"]
# No shell in between, so that SIGTERM reaches the process
ENTRYPOINT ["java", "-XX:AOTCache=/application/coupon.aot", "-jar", "/application/coupon.jar"]
