import { type ConsolidatedMarket, consolidatedMarket } from '../domain/consolidated-market.ts';
import type { ConsolidatedLevel } from '../domain/consolidated-book.ts';
import { consolidatedView } from '../domain/consolidated-view.ts';
import type { MarketState } from '../domain/market-state.ts';
import { type FrameSource, Silence, type StreamLimits } from './frame-source.ts';
import { type ConsolidatedBookFrame, streamHeartbeat } from './frames.ts';
import { Pace } from './pace.ts';

/** One instrument on each venue that has it; its home is first. */
export type VenuesOfInstrument = readonly [MarketState, ...MarketState[]];

/** What is requested of a consolidated book. */
export interface ConsolidatedWish {
  /** At most this many levels of each side. */
  readonly depth: number;
  /** Null for as fast as it is read. */
  readonly maxPerSecond: number | null;
}

/**
 * The newest consolidated book of one instrument, as often as it is read but not more often than
 * requested; a change that is not visible in it makes no frame.
 */
export class LatestConsolidated implements FrameSource<ConsolidatedBookFrame> {
  readonly backlog = 0;
  readonly #markets: VenuesOfInstrument;
  readonly #depth: number;
  readonly #spacingMs: number;
  readonly #limits: StreamLimits;
  #silence: Silence;
  /** Changes of the venues' books; the current state is the first. */
  #changes = 1;
  #seen = 0;
  #sentSequence = 0;
  #shown = '';
  readonly #pace = new Pace();
  #sourceAtMs: number | null = null;
  #stopListening: readonly (() => void)[] = [];

  constructor(
    markets: VenuesOfInstrument,
    { depth, maxPerSecond }: ConsolidatedWish,
    limits: StreamLimits,
  ) {
    this.#markets = markets;
    this.#depth = depth;
    this.#spacingMs = maxPerSecond === null ? 0 : 1000 / maxPerSecond;
    this.#limits = limits;
    this.#silence = new Silence(limits.heartbeatMs, 0);
  }

  open(wake: () => void, nowMs: number): void {
    this.#silence = new Silence(this.#limits.heartbeatMs, nowMs);
    this.#stopListening = this.#markets.flatMap((market) => [
      market.onBook.add(() => {
        this.#changes += 1;
        wake();
      }),
      market.onSuspension.add(wake),
      market.onStatus.add(wake),
    ]);
  }

  take(nowMs: number): ConsolidatedBookFrame | null {
    const frame = this.#update(nowMs) ?? this.#heartbeat(nowMs);
    if (frame !== null) this.#silence.broken(nowMs);
    return frame;
  }

  dueAtMs(): number | null {
    return this.#changes > this.#seen ? this.#pace.nextAtMs : null;
  }

  close(): void {
    for (const stop of this.#stopListening) stop();
  }

  #update(nowMs: number): ConsolidatedBookFrame | null {
    if (!this.#pace.isDue(nowMs)) return null;
    const market = consolidatedMarket(this.#markets, { depth: this.#depth, nowMs });
    const shown = textOf(market);
    this.#seen = this.#changes;
    this.#sourceAtMs = market.asOfMs;
    if (shown === this.#shown) return null;
    this.#shown = shown;
    this.#pace.sent(nowMs, this.#spacingMs);
    return this.#frame(market, nowMs);
  }

  #frame(market: ConsolidatedMarket, nowMs: number): ConsolidatedBookFrame {
    // A venue can be left out without a change of its book, for its connection or by the clock:
    // count one for that too.
    if (this.#changes === this.#sentSequence) this.#changes += 1;
    this.#seen = this.#changes;
    const sequence = this.#changes;
    const previousSequence = this.#sentSequence || sequence - 1;
    this.#sentSequence = sequence;
    return {
      __typename: 'ConsolidatedBookUpdate',
      book: consolidatedView(market, this.#markets[0].instrument, nowMs),
      sequence: String(sequence),
      previousSequence: String(previousSequence),
      conflated: sequence - previousSequence - 1,
    };
  }

  #heartbeat(nowMs: number): ConsolidatedBookFrame | null {
    if (!this.#silence.isTooLong(nowMs)) return null;
    const { symbol } = this.#markets[0].instrument;
    return streamHeartbeat(symbol, this.#sentSequence, { nowMs, sourceAtMs: this.#sourceAtMs });
  }
}

/** Everything that a frame shows except its age. */
function textOf({ book, leftOut }: ConsolidatedMarket): string {
  const side = (levels: readonly ConsolidatedLevel[]) =>
    levels.map(({ price, shares }) => [
      `${price}`,
      ...shares.map(({ venue, quantity }) => `${venue} ${quantity}`),
    ]);
  return JSON.stringify([side(book.bids), side(book.asks), book.venues, leftOut]);
}
