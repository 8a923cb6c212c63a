# syntax=docker/dockerfile:1

FROM node:22-bookworm-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm install --no-audit --no-fund
COPY openapi /build/openapi
COPY web ./
RUN npm run build

FROM rust:1.95-bookworm AS build
# SQLite and libpq are compiled in; libpq speaks TLS through OpenSSL.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build

# First the dependencies, under an empty program: a layer that is built again only when the manifest or the lock changes.
# The image has no tests and no benchmarks, so their targets leave the manifest.
COPY Cargo.toml Cargo.lock ./
RUN awk '/^\[/ { skip = /^\[\[(test|bench)\]\]/ } !skip' Cargo.toml >Cargo.slim && mv Cargo.slim Cargo.toml \
    && mkdir src \
    && echo 'fn main() {}' >src/main.rs \
    && touch src/lib.rs \
    && cargo build --release --locked

# Then the program, with the files that it embeds. Cargo goes by dates, and the copied ones are older than the empty program.
COPY migrations migrations
COPY openapi openapi
COPY build.rs ./
COPY src src
COPY --from=web /build/web/dist web/dist
RUN touch src/main.rs src/lib.rs \
    && cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 duiding \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/duiding --shell /usr/sbin/nologin duiding \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/duiding
COPY --from=build /build/target/release/duiding /usr/local/bin/duiding
COPY LICENSE NOTICE /usr/share/doc/duiding/

ENV DUIDING_HOST=0.0.0.0 \
    DUIDING_PORT=8080 \
    DUIDING_DATA_DIR=/var/lib/duiding
USER 10001:10001
WORKDIR /var/lib/duiding
VOLUME /var/lib/duiding
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["duiding", "health"]
CMD ["duiding", "serve"]
