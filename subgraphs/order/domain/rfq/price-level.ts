import type { InstrumentSymbol, QuoteId } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import { isSameQuote, type PricedQuote } from './rfq-quote.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { RfqSettings } from './rfq-settings.ts';

/** A firm price that is streamed: the same for all clients of a fee tier. Times are milliseconds since the epoch. */
export interface FirmLevel extends PricedQuote {
  /** Ours; each client is told an id of its own, made from it. */
  readonly id: string;
  readonly symbol: InstrumentSymbol;
  /** The name of the fee tier that it is for. */
  readonly tier: string;
  /** Base units, for either side. */
  readonly size: Quantity;
  readonly createdAt: number;
  /** At this instant exactly it has expired. */
  readonly validUntil: number;
}

/** What is streamed for one size. */
export type PriceLevel =
  | { readonly kind: 'firm'; readonly size: Quantity; readonly level: FirmLevel }
  | { readonly kind: 'none'; readonly size: Quantity; readonly refusal: RfqRefusal };

/** What one client is shown for one size: a level has its id for this client. */
export type ShownLevel =
  | (Extract<PriceLevel, { readonly kind: 'firm' }> & { readonly quoteId: QuoteId })
  | Extract<PriceLevel, { readonly kind: 'none' }>;

/** All levels of one stream at one moment; it replaces the frame before. */
export interface LevelFrame {
  readonly symbol: InstrumentSymbol;
  /** In the order in which their sizes were asked for. */
  readonly levels: readonly ShownLevel[];
  /** Milliseconds since the epoch. */
  readonly asOf: number;
  /** Counts every change of the levels; dense, unless some were left out between two frames. */
  readonly sequence: number;
  /** Of the frame before; 0 for the first. */
  readonly previousSequence: number;
}

/** What a look at the market found for a size. */
export type PricedLevel = PricedQuote | { readonly refusal: RfqRefusal };

/** What a level is made of besides its prices. */
export interface LevelTerms extends Pick<FirmLevel, 'symbol' | 'tier' | 'size'> {
  readonly nowMs: number;
  readonly newId: () => string;
  readonly settings: Pick<RfqSettings, 'quoteLifeMs' | 'refreshMs'>;
}

/**
 * What is streamed for a size after a look. A price that has not changed is the previous level, whose life is prolonged
 * from time to time; another price is another level, and the one before has ended with it.
 * @returns `before` itself when there is nothing to tell
 */
export function nextLevel(
  before: PriceLevel | undefined,
  found: PricedLevel,
  { nowMs, newId, settings, ...about }: LevelTerms,
): PriceLevel {
  const { size } = about;
  if ('refusal' in found) {
    const isKnown = before?.kind === 'none' && before.refusal.reason === found.refusal.reason;
    return isKnown ? before : { kind: 'none', size, refusal: found.refusal };
  }
  const validUntil = nowMs + settings.quoteLifeMs;
  const standing = before?.kind === 'firm' && isStanding(before.level, found, nowMs);
  if (!standing)
    return {
      kind: 'firm',
      size,
      level: { ...about, ...found, id: newId(), createdAt: nowMs, validUntil },
    };
  const { level } = before;
  const isYoung = validUntil - level.validUntil < settings.refreshMs;
  return isYoung ? before : { kind: 'firm', size, level: { ...level, ...found, validUntil } };
}

/** LEVEL_NO_LONGER_VALID: one answer for a level that has moved, is over, is somebody else's or never was. */
export function levelGoneRefusal(): RfqRefusal {
  return rfqRefusal('LEVEL_NO_LONGER_VALID', 'The level has moved or ended, or was never yours.');
}

/** NOT_QUOTING */
export function notQuotingRefusal(): RfqRefusal {
  return rfqRefusal('NOT_QUOTING', 'The desk has no price for this quantity at present.');
}

function isStanding(level: FirmLevel, found: PricedQuote, nowMs: number): boolean {
  return nowMs < level.validUntil && isSameQuote(level, found);
}
