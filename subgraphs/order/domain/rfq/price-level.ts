import type { InstrumentSymbol, QuoteId } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import { isOfSameMarket, isSameQuote, type PricedQuote } from './rfq-quote.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { RfqSettings } from './rfq-settings.ts';

/** A streamed firm price, the same for all clients of a fee tier. Times are milliseconds since the epoch. */
export interface FirmLevel extends PricedQuote {
  /** The desk's id; each client gets an id of its own, made from this one. */
  readonly id: string;
  readonly symbol: InstrumentSymbol;
  /** The name of its fee tier. */
  readonly tier: string;
  /** Base units, on each side. */
  readonly size: Quantity;
  readonly createdAt: number;
  /** At exactly this instant the level has expired. */
  readonly validUntil: number;
}

/** What is streamed for one quantity. */
export type PriceLevel =
  | { readonly kind: 'firm'; readonly size: Quantity; readonly level: FirmLevel }
  | { readonly kind: 'none'; readonly size: Quantity; readonly refusal: RfqRefusal };

/** What one client sees for one quantity: a level has this client's id for it. */
export type ShownLevel =
  | (Extract<PriceLevel, { readonly kind: 'firm' }> & { readonly quoteId: QuoteId })
  | Extract<PriceLevel, { readonly kind: 'none' }>;

/** All levels of one stream at one moment; it replaces the previous frame. */
export interface LevelFrame {
  readonly symbol: InstrumentSymbol;
  /** In the order of the requested quantities. */
  readonly levels: readonly ShownLevel[];
  /** Milliseconds since the epoch. */
  readonly asOf: number;
  /** +1 with every change of the levels; frames skip those that were left out. */
  readonly sequence: number;
  /** That of the previous frame; 0 for the first. */
  readonly previousSequence: number;
}

/** The price that the market gives for one quantity, or why there is none. */
export type PricedLevel = PricedQuote | { readonly refusal: RfqRefusal };

/** What a level has besides its prices. */
export interface LevelTerms extends Pick<FirmLevel, 'symbol' | 'tier' | 'size'> {
  readonly nowMs: number;
  readonly newId: () => string;
  /** The life of a level is extended after `refreshMs`. */
  readonly settings: Pick<RfqSettings, 'quoteLifeMs' | 'refreshMs'>;
}

/**
 * What is streamed for one quantity after pricing it again. At an unchanged price it is the same
 * level, whose life is extended from time to time, and whenever the market's middle has moved or an outside price was
 * requested again: it is for those, too, who have taken something since the request before. A new price is a new level,
 * and ends the previous one.
 * @returns `before` itself if there is nothing new to send
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
  const standing = before?.kind === 'firm' && isStanding(before.level, found, nowMs, validUntil);
  if (!standing)
    return {
      kind: 'firm',
      size,
      level: { ...about, ...found, id: newId(), createdAt: nowMs, validUntil },
    };
  const { level } = before;
  const isYoung = validUntil - level.validUntil < settings.refreshMs;
  return isYoung && isOfSameMarket(level, found)
    ? before
    : { kind: 'firm', size, level: { ...level, ...found, validUntil } };
}

/**
 * LEVEL_NO_LONGER_VALID: the same for a level that has moved, ended or is hidden after a take, and for one that belongs to
 * somebody else or never existed.
 */
export function levelGoneRefusal(): RfqRefusal {
  return rfqRefusal(
    'LEVEL_NO_LONGER_VALID',
    'You are not shown this level any more, or never were.',
  );
}

/** NOT_QUOTING: the desk has no price for the quantity at present. */
export function notQuotingRefusal(): RfqRefusal {
  return rfqRefusal('NOT_QUOTING', 'The desk has no price for this quantity at present.');
}

/** One that is valid for longer than a new one would be is from before the clock was set back. */
function isStanding(level: FirmLevel, found: PricedQuote, nowMs: number, longest: number): boolean {
  const isInTime = nowMs < level.validUntil && level.validUntil <= longest;
  return isInTime && isSameQuote(level, found);
}
