import type { FeedEvent } from '../../domain/feed-event.ts';
import { MalformedFrameError } from '../frames/malformed-frame.ts';

/** Until the venue's clock is known: ours can be wrong too. */
const FARTHEST_AHEAD_MS = 24 * 60 * 60 * 1000;
/** More than two right clocks differ, and than a venue's channels and instruments do. */
const LONGEST_LEAP_MS = 60_000;

/** Our clock, and one that nobody sets. */
export interface Now {
  readonly clockMs: number;
  readonly monotonicMs: number;
}

/**
 * Compares the times in the messages of one connection with our clock and with each other. A time that
 * is ahead of both is wrong: it would close candles that still form, and trades until then would find
 * no candle of their own.
 */
export class VenueClock {
  /** How far the venue's clock is ahead of the monotonic one; null until a change or a trade shows it. */
  #aheadMs: number | null = null;

  /** Takes the events of one message. @throws MalformedFrameError if the time of one is wrong */
  follow(events: readonly FeedEvent[], now: Now): void {
    for (const event of events) {
      const timeMs = 'exchangeTimeMs' in event ? event.exchangeTimeMs : null;
      if (timeMs === null) continue;
      if (timeMs > this.#latest(now))
        throw new MalformedFrameError(
          'its time is too far ahead of our clock and of those before.',
        );
      // A quote and a whole book have the time of their last change, which can be long ago.
      if (event.kind === 'bookUpdate' || event.kind === 'trade') this.#learn(timeMs, now);
    }
  }

  #latest({ clockMs, monotonicMs }: Now): number {
    if (this.#aheadMs === null) return clockMs + FARTHEST_AHEAD_MS;
    return Math.max(clockMs, this.#aheadMs + monotonicMs) + LONGEST_LEAP_MS;
  }

  /** What is late, or read late, does not set the clock back. */
  #learn(timeMs: number, { monotonicMs }: Now): void {
    this.#aheadMs = Math.max(this.#aheadMs ?? -Infinity, timeMs - monotonicMs);
  }
}
