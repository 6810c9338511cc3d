import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { permittedAccount } from '../account-access.ts';
import type { Instruments } from '../ports/instruments.ts';
import type { OrderSide } from '../order.ts';
import { type CreditLimit, type Exposure, netOn } from './credit.ts';
import type { WindowLeft } from '../rules/sender-rate.ts';
import type { RequestRate } from './request-rate.ts';
import type { RfqAccess } from './rfq-access.ts';
import type { CreditUse, RfqJournal } from './rfq-journal.ts';
import type { RfqSettings } from './rfq-settings.ts';

/** How much an account can still accept on one side before a settlement frees more. */
interface CreditRoom {
  readonly side: OrderSide;
  /** By the client's own limits, in the quote asset. */
  readonly remaining: Money;
  /** Whether the desk has less than that left for all its clients. The desk's amount is not disclosed. */
  readonly isDeskBinding: boolean;
}

/** All limits on quotes on request, as they are now for one account in one instrument. */
export interface RfqLimits {
  readonly instrument: Instrument;
  readonly requestWindows: readonly WindowLeft[];
  readonly openRfqs: number;
  readonly userOpenRfqs: number;
  readonly limit: CreditLimit;
  readonly used: Exposure;
  readonly rooms: readonly CreditRoom[];
  readonly settings: RfqSettings;
}

/** The dependencies of reading them. */
export interface RfqLimitsPorts {
  readonly rfqJournal: RfqJournal;
  readonly requestRate: RequestRate;
  readonly rfqSettings: RfqSettings;
  readonly instruments: Instruments;
  readonly clock: Clock;
}

/**
 * The limits of an account in an instrument; null if either does not exist, or if the account is someone else's.
 * @throws UnavailableError if a part of the system does not respond
 */
export async function readRfqLimits(
  ports: RfqLimitsPorts,
  access: RfqAccess,
  account: string,
  symbolText: string,
): Promise<RfqLimits | null> {
  const accountId = permittedAccount(account, access.mayRead);
  const symbol = parseInstrumentSymbol(symbolText);
  if (accountId === null || symbol === null) return null;
  const instrument = await ports.instruments.find(symbol);
  if (instrument === undefined) return null;
  const use = await ports.rfqJournal.creditUse(accountId, instrument, access.userId);
  const { rfqSettings: settings } = ports;
  return {
    instrument,
    requestWindows: ports.requestRate.left(
      { userId: access.userId, accountId },
      steadyNow(ports.clock),
    ),
    openRfqs: use.openRfqs,
    userOpenRfqs: use.userOpenRfqs,
    limit: settings.credit.client,
    used: use.client,
    rooms: [roomOf('BUY', use, settings), roomOf('SELL', use, settings)],
    settings,
  };
}

function roomOf(
  side: OrderSide,
  { client, desk }: CreditUse,
  { credit }: Pick<RfqSettings, 'credit'>,
): CreditRoom {
  const remaining = remainingOf(side, credit.client, client);
  return { side, remaining, isDeskBinding: remainingOf(side, credit.desk, desk) < remaining };
}

/** The amount that both limits leave for one side, at least zero. */
function remainingOf(side: OrderSide, limit: CreditLimit, used: Exposure): Money {
  const net = limit.net - netOn(side, used);
  const gross = limit.gross - used.gross;
  const least = net < gross ? net : gross;
  return moneyOfUnits(least < 0n ? 0n : least);
}
