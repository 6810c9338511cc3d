import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createOrderServer } from '../../subgraphs/order/server.ts';
import { answerParent } from '../processes/answer-parent.ts';
import type { BenchKeys } from './desks.ts';

/** The order subgraph as in production. */
answerParent({
  listen: async (options: {
    readonly orderUrl: string;
    readonly keys: BenchKeys;
    readonly account: string;
    readonly marketData: string;
  }) => {
    const { keys } = options;
    const order = await createOrderServer({
      clock: systemClock,
      logger: createLogger({ unit: 'bench', level: 'error' }),
      bus: new MemoryEventBus(),
      databaseUrl: options.orderUrl,
      passportKeys: Object.values(keys),
      account: { url: options.account, passportKey: keys.order },
      marketData: { url: options.marketData, passportKey: keys.order },
      house: { spreadBps: 2, levels: 0, sizePercent: 100, skew: null },
    });
    return order.listen({ host: '127.0.0.1', port: 0 });
  },
});
