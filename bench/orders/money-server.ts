import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createAccountServer } from '../../subgraphs/account/server.ts';
import { createMarketDataServer } from '../../subgraphs/market-data/server.ts';
import { answerParent } from '../processes/answer-parent.ts';
import type { BenchKeys } from './desks.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const base = { clock: systemClock, logger: createLogger({ unit: 'bench', level: 'error' }) };

/** The account subgraph as in production, with the market data that an order subgraph needs to start. */
answerParent({
  listen: async (options: {
    readonly accountUrl: string;
    readonly marketDataUrl: string;
    readonly keys: BenchKeys;
    readonly accessTokenKey: string;
  }) => {
    const { keys, accessTokenKey } = options;
    const common = { ...base, bus: new MemoryEventBus(), passportKeys: Object.values(keys) };
    const account = await createAccountServer({
      ...common,
      databaseUrl: options.accountUrl,
      accessTokenKey,
    });
    const marketData = await createMarketDataServer({
      ...common,
      databaseUrl: options.marketDataUrl,
      // Nothing subscribes, so no price moves and the house does not trade.
      feed: { source: 'sim', speed: 1, loop: false, start: 'first-subscription', seed: 1 },
    });
    return {
      account: await account.listen(LOOPBACK),
      marketData: await marketData.listen(LOOPBACK),
    };
  },
});
