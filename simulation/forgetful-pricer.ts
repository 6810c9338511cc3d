import { MarketPricer } from '../subgraphs/order/venue/market-pricer.ts';

/** The desk's pricer, and a bug that can be planted in it: at a last look it forgets what a client has taken. */
export class ForgetfulPricer extends MarketPricer {
  readonly #forgets: () => boolean;

  /** @param forgets whether it forgets this time */
  constructor(forgets: () => boolean, ...options: ConstructorParameters<typeof MarketPricer>) {
    super(...options);
    this.#forgets = forgets;
  }

  override priceBeyond(...[ask, ...at]: Parameters<MarketPricer['priceBeyond']>) {
    return super.priceBeyond(this.#forgets() ? { ...ask, taken: 0n } : ask, ...at);
  }
}
