import type { z } from 'zod';
import { ONE } from '#shared/domain/decimal.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { subgraphEnvironment } from '#shared/environment/subgraph-variables.ts';
import { httpUrlVariable, originVariable, wholeVariable } from '#shared/environment/variables.ts';
import { signingKeyVariable } from '#shared/identity/passport-keys.ts';
import type { HouseSettings } from './domain/house-liquidity.ts';
import { RFQ_SETTINGS, type RfqSettings } from './domain/rfq/rfq-settings.ts';
import type { RateWindow } from './domain/rules/sender-rate.ts';
import type { OutsidePricerSettings } from './venue/outside-pricer-settings.ts';

/** How the house quotes; the one-process mode takes the same. */
export const houseVariables = {
  HOUSE_SPREAD_BPS: wholeVariable(0, 5000).default(2),
  HOUSE_LEVELS: wholeVariable(0, 20).default(10),
  HOUSE_SIZE_PERCENT: wholeVariable(1, 100).default(100),
  HOUSE_SKEW_BPS: wholeVariable(0, 1000).default(5),
  HOUSE_INVENTORY_LIMIT: wholeVariable(1, 1_000_000_000).default(10_000_000),
} as const;

/** How much one account may send; the one-process mode takes the same. */
export const messageRateVariables = {
  ORDER_MESSAGES_PER_10_S: wholeVariable(1, 10_000_000).default(10_000),
} as const;

const { pricing } = RFQ_SETTINGS;

/** How the desk quotes on request; the one-process mode takes the same. */
export const rfqVariables = {
  RFQ_SPREAD_BPS: wholeVariable(0, 5000).default(pricing.spreadBps),
  RFQ_SIZE_BPS_PER_MILLION: wholeVariable(0, 5000).default(pricing.sizeBpsPerMillion),
  RFQ_VOLATILITY_PERCENT: wholeVariable(0, 1000).default(pricing.volatilityPercent),
  // Prices are made again every 275 ms at most: a shorter life could end before the next quote.
  RFQ_QUOTE_LIFE_MS: wholeVariable(500, 60_000).default(RFQ_SETTINGS.quoteLifeMs),
  RFQ_LIFE_MS: wholeVariable(1000, 600_000).default(RFQ_SETTINGS.rfqLifeMs),
  RFQ_LAST_LOOK_MS: wholeVariable(0, 1000).default(RFQ_SETTINGS.lastLookMs),
  RFQ_TOLERANCE_BPS: wholeVariable(0, 100).default(RFQ_SETTINGS.toleranceBps),
} as const;

/** Who prices in the desk's stead; the one-process mode takes the same. */
export const pricerVariables = {
  RFQ_PRICER_URL: httpUrlVariable.optional(),
  RFQ_PRICER_DEADLINE_MS: wholeVariable(1, 2000).default(200),
  RFQ_PRICER_MAX_AGE_MS: wholeVariable(50, 10_000).default(1000),
  RFQ_PRICER_COLLAR_BPS: wholeVariable(1, 5000).default(100),
} as const;

const schema = subgraphEnvironment(4003, {
  ACCOUNT_URL: originVariable,
  ACCOUNT_PASSPORT_KEY: signingKeyVariable,
  MARKET_DATA_URL: originVariable,
  MARKET_DATA_PASSPORT_KEY: signingKeyVariable,
  ...houseVariables,
  ...messageRateVariables,
  ...rfqVariables,
  ...pricerVariables,
});

/** The variables of an order process, read and checked. */
export type OrderEnvironment = z.output<typeof schema>;

/** The only reader of `process.env` in this subgraph. @throws Error naming every problem */
export function readOrderEnvironment(): OrderEnvironment {
  return readEnvironment(schema, process.env);
}

/** The outside pricer of these variables; null without its address. */
export function outsidePricerOf({
  RFQ_PRICER_URL: url,
  ...environment
}: {
  readonly RFQ_PRICER_URL?: string | undefined;
  readonly RFQ_PRICER_DEADLINE_MS: number;
  readonly RFQ_PRICER_MAX_AGE_MS: number;
  readonly RFQ_PRICER_COLLAR_BPS: number;
}): OutsidePricerSettings | null {
  if (url === undefined) return null;
  return {
    url,
    deadlineMs: environment.RFQ_PRICER_DEADLINE_MS,
    maxAgeMs: environment.RFQ_PRICER_MAX_AGE_MS,
    collarBps: environment.RFQ_PRICER_COLLAR_BPS,
  };
}

/** How the desk quotes on request, of these variables; what has none has its start value. */
export function rfqOf(
  environment: Readonly<Record<keyof typeof rfqVariables, number>>,
): RfqSettings {
  const quoteLifeMs = environment.RFQ_QUOTE_LIFE_MS;
  return {
    ...RFQ_SETTINGS,
    pricing: {
      spreadBps: environment.RFQ_SPREAD_BPS,
      sizeBpsPerMillion: environment.RFQ_SIZE_BPS_PER_MILLION,
      volatilityPercent: environment.RFQ_VOLATILITY_PERCENT,
    },
    quoteLifeMs,
    refreshMs: Math.min(RFQ_SETTINGS.refreshMs, Math.floor((quoteLifeMs * 2) / 5)),
    rfqLifeMs: environment.RFQ_LIFE_MS,
    lastLookMs: environment.RFQ_LAST_LOOK_MS,
    toleranceBps: environment.RFQ_TOLERANCE_BPS,
  };
}

/** The house of these variables. */
export function houseOf(
  environment: Readonly<Record<keyof typeof houseVariables, number>>,
): HouseSettings {
  return {
    spreadBps: environment.HOUSE_SPREAD_BPS,
    levels: environment.HOUSE_LEVELS,
    sizePercent: environment.HOUSE_SIZE_PERCENT,
    skew: {
      bps: environment.HOUSE_SKEW_BPS,
      inventoryLimit: moneyOfUnits(BigInt(environment.HOUSE_INVENTORY_LIMIT) * ONE),
    },
  };
}

/** The message rate of these variables. */
export function messageRateOf(
  environment: Readonly<Record<keyof typeof messageRateVariables, number>>,
): RateWindow {
  return { most: environment.ORDER_MESSAGES_PER_10_S, windowMs: 10_000 };
}
