# One file on a base that holds Node and nothing else: no shell, no package manager, no root.
# The base images are arguments, so that a registry of one's own, or another Node, needs no change here.

ARG BUILD_IMAGE=docker.io/library/node:24-bookworm-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
# As the Makefile does it, and for its reason.
RUN ["npm", "install", "--no-save", "--no-audit", "--no-fund"]
COPY scripts ./scripts
COPY src ./src
RUN ["node", "scripts/build.mjs"]

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="anymodel-mcp" \
      org.opencontainers.image.description="Any model, from any MCP client. One file, zero dependencies." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=build --chmod=0555 /src/dist/anymodel-mcp.cjs ./
# stdio is the default; with MCP_TRANSPORT=http the server listens where a published port can reach it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
EXPOSE 8000
# By number, so that an orchestrator can see that it is not root (65532 is distroless's nonroot).
USER 65532:65532
STOPSIGNAL SIGTERM
# Without a shell, and well at once when the transport is stdio.
HEALTHCHECK --interval=30s --timeout=6s --start-period=5s --retries=3 CMD ["/nodejs/bin/node", "/app/anymodel-mcp.cjs", "health"]
ENTRYPOINT ["/nodejs/bin/node", "/app/anymodel-mcp.cjs"]
