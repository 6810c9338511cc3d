import type { EventBus } from '#shared/events/event-bus.ts';
import type { MarketState } from '../domain/market-state.ts';
import type { MarketList } from '../domain/markets.ts';
import { marketDepthOf } from './market-depth.ts';

/** At most one message an instrument in so long; the first change after a pause goes at once. */
const SPACING_MS = 20;
/** Without a change it is said again, for those who started later. */
const REPEAT_EVERY_MS = 1000;

/** Tells the other units the newest top of each market, on the topic `market.depth`. */
export class DepthPublisher {
  readonly #bus: EventBus;
  readonly #isOnDuty: () => boolean;
  readonly #stopListening: readonly (() => void)[];
  readonly #repeat: NodeJS.Timeout;
  /** Markets that were told a moment ago, with the timer of their pause. */
  readonly #pauses = new Map<MarketState, NodeJS.Timeout>();
  /** Markets that changed during their pause. */
  readonly #changed = new Set<MarketState>();

  /**
   * Publishes from here on.
   * @param isOnDuty whether this process does: another one may have the same markets
   */
  constructor(markets: MarketList, bus: EventBus, isOnDuty = () => true) {
    this.#bus = bus;
    this.#isOnDuty = isOnDuty;
    this.#stopListening = [...markets.all()].flatMap((market) => {
      const tell = () => this.#tell(market);
      return [
        market.onQuote.add(tell),
        market.onBook.add(tell),
        market.onSuspension.add(tell),
        market.onStatus.add(tell),
      ];
    });
    this.#repeat = setInterval(() => {
      for (const market of markets.all()) this.#tell(market);
    }, REPEAT_EVERY_MS);
  }

  /** Publishes nothing more. */
  stop(): void {
    for (const stop of this.#stopListening) stop();
    clearInterval(this.#repeat);
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#pauses.clear();
  }

  #tell(market: MarketState): void {
    if (this.#pauses.has(market)) {
      this.#changed.add(market);
      return;
    }
    const depth = this.#isOnDuty() ? marketDepthOf(market) : null;
    if (depth === null) return;
    this.#bus.publish('market.depth', depth);
    this.#changed.delete(market);
    const resume = () => {
      this.#pauses.delete(market);
      if (this.#changed.has(market)) this.#tell(market);
    };
    this.#pauses.set(market, setTimeout(resume, SPACING_MS));
  }
}
