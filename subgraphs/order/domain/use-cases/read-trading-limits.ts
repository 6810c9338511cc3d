import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import { type FeeTier, withTier } from '../fee-tier.ts';
import type { FeeRates } from '../fees.ts';
import type { Instruments } from '../ports/instruments.ts';
import type { MessageRate } from '../rules/message-rate.ts';
import type { WindowLeft } from '../rules/sender-rate.ts';
import type { OrderJournal } from '../ports/order-journal.ts';

/** The state of an account in one instrument. */
export interface AccountStanding {
  /** Orders that are not closed. */
  readonly openOrders: number;
  readonly maxOpenOrders: number;
  readonly tier: FeeTier;
}

/** What the orders of one account in one instrument are subject to now. */
export interface TradingLimits extends Omit<AccountStanding, 'tier'> {
  readonly instrument: Instrument;
  readonly messageWindow: WindowLeft;
  /** The fee rates of an order placed now. */
  readonly rates: FeeRates;
}

/** What reading them needs. */
export interface TradingLimitsPorts {
  readonly journal: Pick<OrderJournal, 'standing'>;
  readonly instruments: Instruments;
  readonly messageRate: MessageRate;
  readonly clock: Clock;
}

/**
 * The limits of an account in an instrument; null if either does not exist, and for someone else's
 * account.
 * @throws UnavailableError if a part of the system does not answer
 */
export async function readTradingLimits(
  { journal, instruments, messageRate, clock }: TradingLimitsPorts,
  access: AccountAccess,
  account: string,
  symbolText: string,
): Promise<TradingLimits | null> {
  const accountId = permittedAccount(account, access.mayRead);
  const symbol = parseInstrumentSymbol(symbolText);
  if (accountId === null || symbol === null) return null;
  const instrument = await instruments.find(symbol);
  if (instrument === undefined) return null;
  const { tier, ...standing } = await journal.standing(accountId, symbol);
  const messageWindow = messageRate.left({ userId: access.userId, accountId }, steadyNow(clock));
  return { ...standing, instrument, messageWindow, rates: withTier(instrument, tier) };
}
