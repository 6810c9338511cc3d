import type { Instrument } from '#shared/domain/instrument.ts';
import { parsePrice } from '#shared/domain/price.ts';
import { parseQuantity } from '#shared/domain/quantity.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { SimProfile } from './sim-market.ts';

/** Symbol → start price and usual quantity per level; roughly real values. */
const PROFILES: Readonly<Record<string, readonly [price: string, quantity: string]>> = {
  'BTC-USDT': ['64000', '0.5'],
  'ETH-USDT': ['3200', '5'],
  'SOL-USDT': ['150', '100'],
  'ETH-BTC': ['0.05', '5'],
  'BTC-EUR': ['58000', '0.5'],
};
const DEFAULT_PROFILE = ['100', '100'] as const;

/** The starting point of this instrument, in its own ticks and steps. */
export function simProfileOf({ symbol, tickSize, quantityStep }: Instrument): SimProfile {
  const [priceText, quantityText] = PROFILES[symbol] ?? DEFAULT_PROFILE;
  const price = parsePrice(priceText);
  const quantity = parseQuantity(quantityText);
  invariant(price !== null && quantity !== null, `the profile of ${symbol} is malformed`);
  return {
    startTicks: Number(price / tickSize),
    usualSteps: Math.max(1, Number(quantity / quantityStep)),
  };
}
