import type { Instrument } from '#shared/domain/instrument.ts';
import { formatPrice, parsePrice, type Price, priceOfUnits } from '#shared/domain/price.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { MarketDesk } from '../context.ts';
import type { MarketState } from '../domain/market-state.ts';
import { isPriceStep } from '../domain/price-step.ts';
import type { DeliveryInput } from '../__generated__/graphql.ts';
import type { VenuesOfInstrument } from '../streams/latest-consolidated.ts';
import type { Delivery } from '../streams/market-streams.ts';

const MAX_SYMBOLS = 50;
const MAX_DEPTH = 1000;
/** Few rates, so that subscribers can share a stream. */
const RATES = [50, 20, 10, 5, 2, 1] as const;
const MAX_RATE = RATES[0];
const STREAM_DEPTHS: readonly number[] = [5, 10, 20, 100];

function refuse(message: string): never {
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
}

function unknownInstrument(symbol: string): never {
  return refuse(`There is no instrument ${JSON.stringify(symbol)}.`);
}

/** The market of a symbol. @throws DomainError BAD_USER_INPUT naming a symbol that is not known */
export function marketOf(symbol: string, { markets }: MarketDesk): MarketState {
  return markets.get(symbol) ?? unknownInstrument(symbol);
}

/** The markets of 1 to 50 symbols, each once. @throws DomainError BAD_USER_INPUT */
export function marketsOf(symbols: readonly string[], desk: MarketDesk): readonly MarketState[] {
  const distinct = [...new Set(symbols)];
  if (symbols.length < 1 || symbols.length > MAX_SYMBOLS)
    return refuse(
      `Argument "symbols" must name 1 to ${MAX_SYMBOLS} instruments; it named ${symbols.length}.`,
    );
  return distinct.map((symbol) => marketOf(symbol, desk));
}

/** An instrument on each venue that has it. @throws DomainError BAD_USER_INPUT naming a symbol that is not known */
export function venuesOf(symbol: string, { markets }: MarketDesk): VenuesOfInstrument {
  const [home, ...others] = markets.ofEveryVenue(symbol);
  return home === undefined ? unknownInstrument(symbol) : [home, ...others];
}

/** The rate of a stream that has only its newest state. @throws DomainError BAD_USER_INPUT */
export function parseLatestRate(input: DeliveryInput | null | undefined): number | null {
  const delivery = parseDelivery(input);
  if (delivery.mode === 'LATEST') return delivery.maxPerSecond;
  return refuse('This stream sends only the latest state: the mode of "delivery" must be LATEST.');
}

/** A delivery with its rate rounded down to one that is shared. @throws DomainError BAD_USER_INPUT */
export function parseDelivery(input: DeliveryInput | null | undefined): Delivery {
  const maxPerSecond = input?.maxPerSecond ?? null;
  if (maxPerSecond !== null && (maxPerSecond < 1 || maxPerSecond > MAX_RATE))
    return refuse(`"maxPerSecond" must be from 1 to ${MAX_RATE}; it was ${maxPerSecond}.`);
  if (input?.mode === 'ALL') {
    if (maxPerSecond !== null)
      return refuse('"maxPerSecond" can only be used with the mode LATEST.');
    return { mode: 'ALL' };
  }
  const rate = maxPerSecond === null ? null : RATES.find((shared) => shared <= maxPerSecond);
  return { mode: 'LATEST', maxPerSecond: rate ?? null };
}

/**
 * The depth of a book stream; one that begins at `first` has that depth, too.
 * @throws DomainError BAD_USER_INPUT naming the depths there are
 */
export function parseStreamDepth(depth: number, first?: number): number {
  const depths = first === undefined ? STREAM_DEPTHS : [first, ...STREAM_DEPTHS];
  if (depths.includes(depth)) return depth;
  return refuse(`Argument "depth" must be one of ${depths.join(', ')}; it was ${depth}.`);
}

/** The depth of a book that is asked for once. @throws DomainError BAD_USER_INPUT */
export function parseDepth(depth: number): number {
  if (depth >= 1 && depth <= MAX_DEPTH) return depth;
  return refuse(`Argument "depth" must be from 1 to ${MAX_DEPTH}; it was ${depth}.`);
}

/** The price step of a book; null where none is asked for. @throws DomainError BAD_USER_INPUT naming the first steps there are */
export function parsePriceStep(
  text: string | null | undefined,
  instrument: Pick<Instrument, 'tickSize' | 'priceScale'>,
): Price | null {
  if (text == null) return null;
  const step = parsePrice(text);
  if (step !== null && isPriceStep(step, instrument)) return step;
  const { tickSize, priceScale } = instrument;
  const first = [1n, 2n, 5n, 10n].map((ticks) =>
    formatPrice(priceOfUnits(ticks * tickSize), priceScale),
  );
  return refuse(
    `Argument "priceStep" must be 1, 2 or 5 ticks times a power of ten, up to a million ticks: ${first.join(', ')} and so on; it was ${text}.`,
  );
}
