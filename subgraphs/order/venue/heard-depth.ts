import { ageOf } from '#shared/domain/age.ts';
import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { MarketDepth } from '#shared/events/topics.ts';

/** A market as it was heard. */
export interface HeardDepth {
  readonly depth: MarketDepth;
  /** When it was first heard, as {@link steadyNow} has it. */
  readonly heardAtMs: number;
}

/** A market that was heard now. A repetition of the known one was heard when that was. */
export function heardDepth(
  depth: MarketDepth,
  known: HeardDepth | undefined,
  clock: Clock,
): HeardDepth {
  const isRepeated = known !== undefined && isRepetition(depth, known.depth);
  return { depth, heardAtMs: isRepeated ? known.heardAtMs : steadyNow(clock) };
}

/** Whether a message repeats another one: a quiet market is published repeatedly. */
export function isRepetition(depth: MarketDepth, known: MarketDepth): boolean {
  return (
    known.sequence === depth.sequence &&
    known.receivedAtMs === depth.receivedAtMs &&
    known.suspended === depth.suspended &&
    known.status === depth.status
  );
}

/**
 * When a market was received, for whoever knows only the time of the day: earlier than it says itself if it was heard
 * longer ago; see {@link isTooOld}. Milliseconds since the epoch.
 */
export function receivedAt(
  { depth: { receivedAtMs }, heardAtMs }: HeardDepth,
  clock: Clock,
): number {
  const now = clock.now();
  const heardMs = Math.ceil(now - (steadyNow(clock) - heardAtMs));
  return ageOf(receivedAtMs, now) >= ageOf(heardMs, now) ? receivedAtMs : heardMs;
}

/**
 * Whether a market is too old to trade on, by its own time or by how long ago it was heard: once a clock that was set
 * back has caught up, the time alone makes a market that is long dead look new.
 */
export function isTooOld(
  { depth: { receivedAtMs }, heardAtMs }: HeardDepth,
  { maxQuoteAgeMs }: Pick<Instrument, 'maxQuoteAgeMs'>,
  { nowMs, clock }: { readonly nowMs: number; readonly clock: Clock },
): boolean {
  const isOld = ageOf(receivedAtMs, nowMs) > maxQuoteAgeMs;
  return isOld || steadyNow(clock) - heardAtMs > maxQuoteAgeMs;
}
