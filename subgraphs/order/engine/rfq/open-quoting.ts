import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { HouseSettings } from '../../domain/house-liquidity.ts';
import type { RfqSettings } from '../../domain/rfq/rfq-settings.ts';
import type { Inventory } from '../../venue/house.ts';
import { MarketPricer } from '../../venue/market-pricer.ts';
import { OutsidePricer } from '../../venue/outside-pricer.ts';
import type { OutsidePricerSettings } from '../../venue/outside-pricer-settings.ts';
import { OutsidePrices } from '../../venue/outside-prices.ts';
import type { QuotingDesk } from './rfq-turn.ts';

/** How the desk quotes, and the parts that others look after. */
export interface OpenQuoting extends QuotingDesk {
  /** Has to hear the market. */
  readonly market: MarketPricer;
  /** Has to be stopped; null if the desk prices by itself. */
  readonly outside: OutsidePrices | null;
}

/**
 * The desk's prices on request follow the same market and the same inventory as the house's levels; where somebody else
 * prices, they are what that is measured by.
 */
export function openQuoting(
  options: {
    readonly rfq: RfqSettings;
    readonly house: HouseSettings;
    readonly outsidePricer: OutsidePricerSettings | null;
    readonly clock: Clock;
    readonly logger: Logger;
  },
  inventory: Inventory,
): OpenQuoting {
  const { rfq: settings, house, outsidePricer, clock, logger } = options;
  const market = new MarketPricer({ ...settings.pricing, skew: house.skew }, inventory);
  if (outsidePricer === null) return { pricer: market, settings, market, outside: null };
  // As old as two calls a price is still used: one may be slow.
  const refreshMs = Math.max(1, Math.floor(outsidePricer.maxAgeMs / 4));
  const outside = new OutsidePrices({ ...outsidePricer, refreshMs, clock, logger });
  const bounds = outsidePricer;
  return {
    pricer: new OutsidePricer({ market, prices: outside, bounds, logger }),
    settings,
    market,
    outside,
  };
}
