import type { EventBus } from '#shared/events/event-bus.ts';
import type { MarketState } from '../domain/market-state.ts';
import type { MarketList } from '../domain/markets.ts';
import { marketDepthOf } from './market-depth.ts';
import { ThrottledPublisher } from './throttled-publisher.ts';

/** At most one message per instrument in this time. */
const SPACING_MS = 20;
/** How often an unchanged market is published again, for processes that started later. */
const REPEAT_EVERY_MS = 1000;

/** Publishes the newest quote and top levels of each market on the topic `market.depth`. */
export class DepthPublisher {
  readonly #bus: EventBus;
  readonly #isOnDuty: () => boolean;
  readonly #stopListening: readonly (() => void)[];
  readonly #repeat: NodeJS.Timeout;
  readonly #throttled = new ThrottledPublisher<MarketState>(SPACING_MS, (market) =>
    this.#publish(market),
  );

  /**
   * Begins to publish.
   * @param isOnDuty whether this process publishes now: several processes can have the same markets
   */
  constructor(markets: MarketList, bus: EventBus, isOnDuty = () => true) {
    this.#bus = bus;
    this.#isOnDuty = isOnDuty;
    this.#stopListening = [...markets.all()].flatMap((market) => {
      const tell = () => this.#throttled.change(market);
      return [
        market.onQuote.add(tell),
        market.onBook.add(tell),
        market.onSuspension.add(tell),
        market.onStatus.add(tell),
      ];
    });
    this.#repeat = setInterval(() => {
      for (const market of markets.all()) this.#throttled.change(market);
    }, REPEAT_EVERY_MS);
  }

  /** Nothing is published after this. */
  stop(): void {
    for (const stop of this.#stopListening) stop();
    clearInterval(this.#repeat);
    this.#throttled.stop();
  }

  #publish(market: MarketState): boolean {
    const depth = this.#isOnDuty() ? marketDepthOf(market) : null;
    if (depth === null) return false;
    this.#bus.publish('market.depth', depth);
    return true;
  }
}
