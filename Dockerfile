# The Node of package.json ("node" in dependencies), so that no second one is installed: scripts are left out.
FROM node:24.21.0-bookworm-slim AS bundle
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY deploy/bundle.ts ./deploy/
COPY blocks ./blocks
COPY src ./src
RUN node deploy/bundle.ts

FROM node:24.21.0-bookworm-slim
# One arena of malloc, and a young generation of 16 MB: less memory, and no slower (docs/performance.md).
ENV NODE_ENV=production DATABASE_URL=file:/data/docket.db MALLOC_ARENA_MAX=1
WORKDIR /app
COPY package.json ./
# The only package that is not in the bundle. Its sources are not needed.
COPY --from=bundle /app/node_modules/better-sqlite3/package.json ./node_modules/better-sqlite3/
COPY --from=bundle /app/node_modules/better-sqlite3/LICENSE ./node_modules/better-sqlite3/
COPY --from=bundle /app/node_modules/better-sqlite3/lib ./node_modules/better-sqlite3/lib
COPY --from=bundle /app/node_modules/better-sqlite3/prebuilds ./node_modules/better-sqlite3/prebuilds
COPY --from=bundle /app/dist ./dist
# A new volume gets the owner of this folder. Nothing else is written.
RUN mkdir -m 0700 /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--max-old-space-size=1024", "dist/main.js"]
