# The server and the worker, without models that run in the process: those take some 500 MB more, see docs/deployment.md.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No install scripts: the image brings its own Node, and nothing else needs them.
# The optional packages are needed to build: the compiler's own binaries, and types of what runs models in the process.
RUN npm install --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY ui ui
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    ASSIZE_HOST=0.0.0.0 \
    ASSIZE_DATA_DIR=/data \
    XDG_CACHE_HOME=/tmp
WORKDIR /app
COPY LICENSE package.json assize.example.yaml ./
COPY src/start.js src/start.js
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
RUN mkdir /data && chown node:node /data
USER 1000:1000
VOLUME /data
EXPOSE 4800
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ASSIZE_PORT || 4800}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/src/start.js"]
CMD ["serve"]
