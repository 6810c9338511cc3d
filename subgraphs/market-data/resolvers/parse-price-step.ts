import type { Instrument } from '#shared/domain/instrument.ts';
import { formatPrice, parsePrice, type Price, priceOfUnits } from '#shared/domain/price.ts';
import { isPriceStep } from '../domain/book/price-step.ts';
import { refuse } from './refuse.ts';

/**
 * The price step of a book; null if levels are not grouped.
 * @throws DomainError BAD_USER_INPUT naming the first valid steps
 */
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
