import type { EventBus } from '#shared/events/event-bus.ts';
import type { MarketState } from '../domain/market-state.ts';
import type { MarketList } from '../domain/markets.ts';
import { marketDepthOf } from './market-depth.ts';
import { SpacedTelling } from './spaced-telling.ts';

/** At most one message an instrument in this time. */
const SPACING_MS = 20;
/** Published again without a change, for processes that started later. */
const REPEAT_EVERY_MS = 1000;

/** Publishes the newest top of each market, on the topic `market.depth`. */
export class DepthPublisher {
  readonly #bus: EventBus;
  readonly #isOnDuty: () => boolean;
  readonly #stopListening: readonly (() => void)[];
  readonly #repeat: NodeJS.Timeout;
  readonly #telling = new SpacedTelling<MarketState>(SPACING_MS, (market) => this.#publish(market));

  /**
   * Publishes from now on.
   * @param isOnDuty whether this process publishes: another one may have the same markets
   */
  constructor(markets: MarketList, bus: EventBus, isOnDuty = () => true) {
    this.#bus = bus;
    this.#isOnDuty = isOnDuty;
    this.#stopListening = [...markets.all()].flatMap((market) => {
      const tell = () => this.#telling.change(market);
      return [
        market.onQuote.add(tell),
        market.onBook.add(tell),
        market.onSuspension.add(tell),
        market.onStatus.add(tell),
      ];
    });
    this.#repeat = setInterval(() => {
      for (const market of markets.all()) this.#telling.change(market);
    }, REPEAT_EVERY_MS);
  }

  /** Publishes nothing more. */
  stop(): void {
    for (const stop of this.#stopListening) stop();
    clearInterval(this.#repeat);
    this.#telling.stop();
  }

  #publish(market: MarketState): boolean {
    const depth = this.#isOnDuty() ? marketDepthOf(market) : null;
    if (depth === null) return false;
    this.#bus.publish('market.depth', depth);
    return true;
  }
}
