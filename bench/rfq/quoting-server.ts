import { systemClock } from '#shared/domain/clock.ts';
import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { RFQ_SETTINGS } from '../../subgraphs/order/domain/rfq/rfq-settings.ts';
import { createOrderServer } from '../../subgraphs/order/server.ts';
import type { BenchKeys } from '../orders/desks.ts';
import { answerParent } from '../processes/answer-parent.ts';

const MARKET_EVERY_MS = 200;
/** By how many cents the market moves back and forth. */
const CENTS = 50;
const UNLIMITED = Number.MAX_SAFE_INTEGER;

let isMoving = false;

/** The order subgraph as in production, but without limits on requests, on a market that stands still until told to move. */
answerParent({
  move: () => {
    isMoving = true;
  },
  listen: async (options: {
    readonly orderUrl: string;
    readonly keys: BenchKeys;
    readonly account: string;
    readonly marketData: string;
  }) => {
    const { keys } = options;
    const bus = new MemoryEventBus();
    const order = await createOrderServer({
      clock: systemClock,
      logger: createLogger({ unit: 'bench', level: 'error' }),
      bus,
      databaseUrl: options.orderUrl,
      passportKeys: Object.values(keys),
      account: { url: options.account, passportKey: keys.order },
      marketData: { url: options.marketData, passportKey: keys.order },
      house: { spreadBps: 2, levels: 0, sizePercent: 100, skew: null },
      messageRate: { most: UNLIMITED, windowMs: 1 },
      rfq: {
        ...RFQ_SETTINGS,
        requestWindows: [{ most: UNLIMITED, windowMs: 1 }],
        maxOpenRfqs: UNLIMITED,
        maxUserOpenRfqs: UNLIMITED,
        // Busy machines are slow: this measures how long an accept takes, not whether it is in time.
        quoteLifeMs: 20_000,
      },
    });
    let sequence = 0;
    const tellMarket = () => {
      const cents = isMoving ? sequence % CENTS : 0;
      const at = (whole: number) => (whole + cents / 100).toFixed(2);
      bus.publish('market.depth', {
        symbol: trusted(parseInstrumentSymbol, 'BTC-USDT'),
        sequence: String((sequence += 1)),
        bids: [[at(63_999), '100']],
        asks: [[at(64_001), '100']],
        receivedAtMs: Date.now(),
        suspended: false,
        status: 'TRADING',
      });
    };
    tellMarket();
    setInterval(tellMarket, MARKET_EVERY_MS).unref();
    return order.listen({ host: '127.0.0.1', port: 0 });
  },
});
