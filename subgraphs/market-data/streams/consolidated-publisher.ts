import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { MarketState } from '../domain/market-state.ts';
import type { VenueMarkets } from '../domain/venue-markets.ts';
import { consolidatedDepthOf } from './consolidated-depth.ts';
import { ThrottledPublisher } from './throttled-publisher.ts';

/** At most one message per instrument in this time. */
const SPACING_MS = 20;

/** The markets of one instrument that several venues have, its home first. */
type Several = readonly [MarketState, ...MarketState[]];

/**
 * Publishes the books of several venues as one on the topic `market.consolidated`. An instrument
 * of a single venue is not published here, because `market.depth` has it.
 */
export class ConsolidatedPublisher {
  readonly #stopListening: readonly (() => void)[];
  readonly #throttled: ThrottledPublisher<Several>;

  /**
   * Begins to publish.
   * @param isOnDuty whether this process publishes now: several processes can have the same markets
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
    this.#throttled = new ThrottledPublisher(SPACING_MS, (markets) => {
      const depth = isOnDuty() ? consolidatedDepthOf(markets, clock.now()) : null;
      if (depth !== null) bus.publish('market.consolidated', depth);
      return depth !== null;
    });
    this.#stopListening = severalOf(venues).flatMap((markets) =>
      markets.flatMap((market) => {
        const change = () => {
          this.#throttled.change(markets);
        };
        return [
          market.onBook.add(change),
          market.onSuspension.add(change),
          market.onStatus.add(change),
        ];
      }),
    );
  }

  /** Nothing is published after this. */
  stop(): void {
    for (const stop of this.#stopListening) stop();
    this.#throttled.stop();
  }
}

function severalOf(venues: VenueMarkets): readonly Several[] {
  return [...venues.all()].flatMap(({ instrument }) => {
    const [home, ...others] = venues.ofEveryVenue(instrument.symbol);
    return home === undefined || others.length === 0 ? [] : [[home, ...others] as const];
  });
}
