import type { Logger } from '#shared/logging/logger.ts';
import type { QuotePricer } from '../subgraphs/order/domain/rfq/quote-pricer.ts';
import type { Inventory } from '../subgraphs/order/venue/house.ts';
import type { MarketPricer } from '../subgraphs/order/venue/market-pricer.ts';
import { OutsidePricer } from '../subgraphs/order/venue/outside-pricer.ts';
import { HOUSE } from './clients/drawn-orders.ts';
import { ForgetfulPricer } from './forgetful-pricer.ts';
import type { Misfortune } from './misfortune.ts';
import { SimulatedPrices } from './outside/simulated-prices.ts';
import type { ProcessLife } from './process-life.ts';
import { OUTSIDE_PRICER, QUOTING } from './quoting-settings.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Where a seed's prices are from: the home market's book, those of several venues, or an outside pricer. */
export type PriceOrigin = 'home' | 'venues' | 'outside';

/** The pricer of a simulated process, and its own part, which hears the markets. */
export function simulatedPricer(
  origin: PriceOrigin,
  inventory: Inventory,
  options: {
    readonly time: VirtualTime;
    readonly life: ProcessLife;
    readonly misfortune: Misfortune;
    readonly logger: Logger;
  },
): { readonly market: MarketPricer; readonly pricer: QuotePricer } {
  const { time, misfortune, logger } = options;
  const pricing = { ...QUOTING.pricing, skew: HOUSE.skew };
  const forgets = () => misfortune.shows('TAKES_FORGOTTEN');
  const market = new ForgetfulPricer(forgets, pricing, inventory, time);
  if (origin !== 'outside') return { market, pricer: market };
  const prices = new SimulatedPrices(options);
  const outside = new OutsidePricer({ market, prices, bounds: OUTSIDE_PRICER, logger });
  if (misfortune.planted === 'OUTSIDE_TAKES_FORGOTTEN') outside.price = forgettingPrice(outside);
  return { market, pricer: outside };
}

/** A bug that can be planted: a price is quoted once more to whoever has just taken it. */
function forgettingPrice(outside: OutsidePricer): OutsidePricer['price'] {
  const price = outside.price.bind(outside);
  return (ask, ...at) => price({ ...ask, takenSince: undefined }, ...at);
}
