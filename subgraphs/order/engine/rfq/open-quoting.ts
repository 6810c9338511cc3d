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

/** How the desk quotes, and the parts that the caller must feed and stop. */
export interface OpenQuoting extends QuotingDesk {
  /** The caller passes it every market. */
  readonly market: MarketPricer;
  /** The caller stops it; null if the desk makes its own prices. */
  readonly outside: OutsidePrices | null;
}

/**
 * Opens the pricer for requests. The desk's own prices follow the same market and inventory as the house's levels. With
 * an outside pricer, its prices are checked against that market.
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
  const market = new MarketPricer({ ...settings.pricing, skew: house.skew }, inventory, clock);
  if (outsidePricer === null) return { pricer: market, settings, market, outside: null };
  // A price stays usable for more than two calls, because one can be slow.
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
