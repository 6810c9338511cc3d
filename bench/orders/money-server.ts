import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createAccountServer } from '../../subgraphs/account/server.ts';
import { createMarketDataServer } from '../../subgraphs/market-data/server.ts';
import { answerParent } from '../processes/answer-parent.ts';
import type { BenchKeys } from './desks.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const base = { clock: systemClock, logger: createLogger({ unit: 'bench', level: 'error' }) };

/** The account subgraph as it is in production, and the market data that orders need to begin. */
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
      // Nobody subscribes, so that no price moves and no house trades.
      feed: { source: 'sim', speed: 1, loop: false, start: 'first-subscription', seed: 1 },
    });
    return {
      account: await account.listen(LOOPBACK),
      marketData: await marketData.listen(LOOPBACK),
    };
  },
});
