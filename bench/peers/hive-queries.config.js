// Hive Gateway for queries: equal queries in flight run once, as in our gateway.
import { defineConfig } from '@graphql-hive/gateway';

export const gatewayConfig = defineConfig({
  logging: 'error',
  pollingInterval: 0,
  inboundInflightRequestDeduplication: true,
});
