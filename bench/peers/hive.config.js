// Hive Gateway over the same subgraphs; market data streams over WebSocket.
import { defineConfig } from '@graphql-hive/gateway';

const streaming = { options: { subscriptions: { kind: 'ws', location: '/graphql' } } };

export const gatewayConfig = defineConfig({
  logging: 'error',
  pollingInterval: 0,
  transportEntries: { 'market-data': streaming },
});
