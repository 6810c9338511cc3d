import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createGatewayServer } from '../../gateway/server.ts';
import { answerParent } from '../processes/answer-parent.ts';
import type { BenchKeys } from './desks.ts';

/** What anonymous clients can do where they are allowed: read market data, within a quota. */
const FOR_STRANGERS = {
  anonymousScopes: ['market:read'],
  quota: { costPerMinute: 600_000 },
} as const;

/** The gateway as in production, in front of the subgraphs. */
answerParent({
  listen: async (options: {
    readonly keys: BenchKeys;
    readonly account: string;
    readonly marketData: string;
    readonly order: string;
    readonly isForStrangers: boolean;
  }) => {
    const subgraph = (url: string) => ({ url, passportKey: options.keys.gateway });
    const gateway = await createGatewayServer({
      subgraphs: {
        account: subgraph(options.account),
        'market-data': subgraph(options.marketData),
        order: subgraph(options.order),
      },
      ...(options.isForStrangers ? FOR_STRANGERS : { anonymousScopes: [] }),
      allowedOrigins: [],
      explorer: false,
      introspection: false,
      clock: systemClock,
      logger: createLogger({ unit: 'gateway', level: options.isForStrangers ? 'fatal' : 'error' }),
    });
    return gateway.listen({ host: '127.0.0.1', port: 0 });
  },
});
