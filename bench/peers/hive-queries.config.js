// Hive Gateway for queries: equal ones in flight are run once, as ours are.
import { defineConfig } from '@graphql-hive/gateway';

export const gatewayConfig = defineConfig({
  logging: 'error',
  pollingInterval: 0,
  inboundInflightRequestDeduplication: true,
});
