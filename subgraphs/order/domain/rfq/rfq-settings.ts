import { ONE } from '#shared/domain/decimal.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import type { CreditLimits } from './credit.ts';
import type { QuotePricing } from './price-quote.ts';
import type { RateWindow } from '../rules/sender-rate.ts';

/** How the desk quotes on request. Times are milliseconds. */
export interface RfqSettings {
  readonly pricing: Omit<QuotePricing, 'skew'>;
  /** How long a quote is firm. */
  readonly quoteLifeMs: number;
  /** How long a request can be quoted. */
  readonly rfqLifeMs: number;
  /** The time after which a request is priced again; a changed price is quoted. */
  readonly requoteMs: number;
  /** The time after which an unchanged price is quoted again. */
  readonly refreshMs: number;
  /** The longest time after the hold in which the desk waits for a fresh price; it decides at the first one. */
  readonly lastLookMs: number;
  /** The one tolerance of the last look, in basis points. */
  readonly toleranceBps: number;
  readonly credit: CreditLimits;
  readonly requestWindows: readonly RateWindow[];
  /** How long the token of a comparison can be used. */
  readonly comparisonLifeMs: number;
  /** The most open and quoted requests of an account at a time. */
  readonly maxOpenRfqs: number;
  /** The most of those that a user can have at a time, over all accounts: each is priced four times a second. */
  readonly maxUserOpenRfqs: number;
  /** Streams of levels that an account may have at a time. */
  readonly maxLevelStreams: number;
  /** Streams of levels that a user may have at a time, over all accounts: each is sent every frame, also of shared prices. */
  readonly maxUserLevelStreams: number;
  /**
   * Prices of levels that are made for a user at a time, over all accounts: of each instrument, fee tier and list of sizes
   * its sizes. Each is made again every `requoteMs`.
   */
  readonly maxLevelPrices: number;
}

const millions = (count: bigint) => moneyOfUnits(count * 1_000_000n * ONE);

/** The default values. */
export const RFQ_SETTINGS: RfqSettings = {
  pricing: { spreadBps: 3, sizeBpsPerMillion: 2, volatilityPercent: 25 },
  quoteLifeMs: 2500,
  rfqLifeMs: 30_000,
  requoteMs: 250,
  refreshMs: 1000,
  lastLookMs: 100,
  toleranceBps: 5,
  credit: {
    client: { gross: millions(20n), net: millions(10n) },
    desk: { gross: millions(200n), net: millions(100n) },
  },
  requestWindows: [
    { most: 20, windowMs: 1000 },
    { most: 300, windowMs: 60_000 },
    { most: 5000, windowMs: 3_600_000 },
  ],
  comparisonLifeMs: 10_000,
  maxOpenRfqs: 50,
  maxUserOpenRfqs: 100,
  maxLevelStreams: 20,
  maxUserLevelStreams: 100,
  maxLevelPrices: 200,
};
