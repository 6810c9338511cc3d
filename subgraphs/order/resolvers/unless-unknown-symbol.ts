import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import type { Instruments } from '../domain/ports/instruments.ts';

/**
 * What was found by a symbol, unless that is none: a slip must not look like an empty list, nor like success. What was
 * traded in an instrument that is no longer listed is found all the same.
 * @throws DomainError BAD_USER_INPUT if nothing was found and there is no such instrument
 */
export async function unlessUnknownSymbol<Row>(
  found: readonly Row[],
  symbol: string | null | undefined,
  instruments: Pick<Instruments, 'find'>,
): Promise<readonly Row[]> {
  if (found.length > 0 || symbol == null || (await isKnown(symbol, instruments))) return found;
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, unknownInstrumentMessage(symbol));
}

async function isKnown(text: string, instruments: Pick<Instruments, 'find'>): Promise<boolean> {
  const symbol = parseInstrumentSymbol(text);
  if (symbol === null) return false;
  // While nobody can say, the answer is as good as it can be.
  return instruments.find(symbol).then(
    (instrument) => instrument !== undefined,
    () => true,
  );
}
