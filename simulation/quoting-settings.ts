import { money } from '../subgraphs/order/domain/test-orders.ts';
import { RFQ_SETTINGS, type RfqSettings } from '../subgraphs/order/domain/rfq/rfq-settings.ts';

/** How the simulated desk quotes: limits that its clients reach, and requests that end soon. */
export const QUOTING: RfqSettings = {
  ...RFQ_SETTINGS,
  rfqLifeMs: 4000,
  credit: {
    client: { gross: money('100'), net: money('70') },
    desk: { gross: money('160'), net: money('110') },
  },
  maxOpenRfqs: 4,
};

/** Within which bounds the prices of an outside pricer are used. */
export const OUTSIDE_PRICER = { collarBps: 30, maxAgeMs: 800 } as const;
