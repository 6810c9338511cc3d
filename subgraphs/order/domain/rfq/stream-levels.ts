import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import { permittedAccount } from '../account-access.ts';
import type { Instruments } from '../ports/instruments.ts';
import type { LevelJournal, OpenedLevels } from './level-journal.ts';
import type { RequestRate } from './request-rate.ts';
import type { RfqAccess } from './rfq-access.ts';

/** Which levels a client asks for; nothing is checked yet. */
export interface StreamLevels {
  readonly accountId: string;
  readonly symbol: string;
  /** Base units, without repeats. */
  readonly sizes: readonly Quantity[];
}

/** An open stream, or why there is none. */
export type StreamLevelsOutcome =
  OpenedLevels | { readonly kind: 'accountNotFound' } | { readonly kind: 'instrumentNotFound' };

/** What streaming levels needs. */
export interface StreamLevelsPorts {
  readonly levels: LevelJournal;
  readonly instruments: Instruments;
  /** Opening a stream counts as one request for quote. */
  readonly requestRate: RequestRate;
  readonly clock: Clock;
}

/** Opens a stream of firm levels. @throws UnavailableError if a part of the system does not answer */
export async function streamLevels(
  { levels, instruments, requestRate, clock }: StreamLevelsPorts,
  access: RfqAccess,
  ask: StreamLevels,
): Promise<StreamLevelsOutcome> {
  const accountId = permittedAccount(ask.accountId, access.mayStreamPrices);
  const { userId } = access;
  if (accountId === null || userId === null) return { kind: 'accountNotFound' };
  const symbol = parseInstrumentSymbol(ask.symbol);
  const instrument = symbol === null ? undefined : await instruments.find(symbol);
  if (symbol === null || instrument === undefined) return { kind: 'instrumentNotFound' };
  const tooMany = requestRate.take({ userId, accountId }, steadyNow(clock));
  if (tooMany !== null) return { kind: 'refused', refusal: tooMany };
  return levels.open({ accountId, userId, symbol, sizes: ask.sizes });
}
