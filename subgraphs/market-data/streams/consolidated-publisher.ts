import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { MarketState } from '../domain/market-state.ts';
import type { VenueMarkets } from '../domain/venue-markets.ts';
import { consolidatedDepthOf } from './consolidated-depth.ts';
import { SpacedTelling } from './spaced-telling.ts';

/** At most one message an instrument in this time. */
const SPACING_MS = 20;

/** One instrument that several venues have; its home is first. */
type Several = readonly [MarketState, ...MarketState[]];

/**
 * Publishes the books of several venues as one, on the topic `market.consolidated`. Nothing is
 * published for an instrument of a single venue: that is in `market.depth`.
 */
export class ConsolidatedPublisher {
  readonly #stopListening: readonly (() => void)[];
  readonly #telling: SpacedTelling<Several>;

  /**
   * Publishes from now on.
   * @param isOnDuty whether this process publishes: another one may have the same markets
   */
  constructor(
    venues: VenueMarkets,
    {
      bus,
      clock,
      isOnDuty,
    }: {
      readonly bus: EventBus;
      readonly clock: Clock;
      readonly isOnDuty: () => boolean;
    },
  ) {
    this.#telling = new SpacedTelling(SPACING_MS, (markets) => {
      const depth = isOnDuty() ? consolidatedDepthOf(markets, clock.now()) : null;
      if (depth !== null) bus.publish('market.consolidated', depth);
      return depth !== null;
    });
    this.#stopListening = severalOf(venues).flatMap((markets) =>
      markets.flatMap((market) => {
        const change = () => {
          this.#telling.change(markets);
        };
        return [market.onBook.add(change), market.onSuspension.add(change)];
      }),
    );
  }

  /** Publishes nothing more. */
  stop(): void {
    for (const stop of this.#stopListening) stop();
    this.#telling.stop();
  }
}

function severalOf(venues: VenueMarkets): readonly Several[] {
  return [...venues.all()].flatMap(({ instrument }) => {
    const [home, ...others] = venues.ofEveryVenue(instrument.symbol);
    return home === undefined || others.length === 0 ? [] : [[home, ...others] as const];
  });
}
