import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createGatewayServer } from '../../gateway/server.ts';
import type { BenchKeys } from '../orders/desks.ts';
import { answerParent } from '../processes/answer-parent.ts';

/** The gateway as strangers reach it in production: market data for everybody, and a quota for each. */
answerParent({
  listen: async (options: {
    readonly keys: BenchKeys;
    readonly account: string;
    readonly marketData: string;
    readonly order: string;
  }) => {
    const subgraph = (url: string) => ({ url, passportKey: options.keys.gateway });
    const gateway = await createGatewayServer({
      subgraphs: {
        account: subgraph(options.account),
        'market-data': subgraph(options.marketData),
        order: subgraph(options.order),
      },
      ...{ anonymousScopes: ['market:read'], allowedOrigins: [] },
      ...{ explorer: false, introspection: false, quota: { costPerMinute: 600_000 } },
      clock: systemClock,
      logger: createLogger({ unit: 'gateway', level: 'fatal' }),
    });
    return gateway.listen({ host: '127.0.0.1', port: 0 });
  },
});
