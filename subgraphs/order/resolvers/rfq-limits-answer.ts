import { formatMoney, type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { RfqLimits as RfqLimitsType } from '../__generated__/graphql.ts';
import { MAX_SLIPPAGE_BPS } from '../domain/rfq/accept-quote.ts';
import type { RfqLimits } from '../domain/rfq/read-rfq-limits.ts';

/** The limits of an account in an instrument, with amounts padded to the instrument's scales. */
export function rfqLimitsAnswer(limits: RfqLimits): RfqLimitsType {
  const { instrument, settings, requestWindows, openRfqs, userOpenRfqs } = limits;
  const { symbol, quantityScale, quoteScale } = instrument;
  return {
    symbol,
    requestWindows: requestWindows.map(({ most, ...window }) => ({ requests: most, ...window })),
    openRfqs,
    maxOpenRfqs: settings.maxOpenRfqs,
    userOpenRfqs,
    maxUserOpenRfqs: settings.maxUserOpenRfqs,
    minQuantity: formatQuantity(instrument.minQuantity, quantityScale),
    maxQuantity: formatQuantity(instrument.maxQuantity, quantityScale),
    quantityStep: formatQuantity(instrument.quantityStep, quantityScale),
    minNotional: formatMoney(instrument.minNotional, quoteScale),
    maxNotional: formatMoney(instrument.maxNotional, quoteScale),
    credit: creditOf(limits),
    quoteLifeMs: settings.quoteLifeMs,
    rfqLifeMs: settings.rfqLifeMs,
    lastLookMs: settings.lastLookMs,
    lastLookToleranceBps: settings.toleranceBps,
    maxLevelStreams: settings.maxLevelStreams,
    maxUserLevelStreams: settings.maxUserLevelStreams,
    maxLevelPrices: settings.maxLevelPrices,
    maxSlippageBps: MAX_SLIPPAGE_BPS,
  };
}

function creditOf({ instrument, limit, used, rooms }: RfqLimits): RfqLimitsType['credit'] {
  const text = (amount: Money) => formatMoney(amount, instrument.quoteScale);
  const left = (most: Money, has: bigint) => text(moneyOfUnits(most > has ? most - has : 0n));
  return {
    asset: instrument.quote,
    gross: {
      limit: text(limit.gross),
      used: text(used.gross),
      remaining: left(limit.gross, used.gross),
    },
    net: {
      limit: text(limit.net),
      used: text(used.net),
      remaining: left(limit.net, used.net < 0n ? -used.net : used.net),
    },
    rooms: rooms.map(({ remaining, ...room }) => ({ ...room, remaining: text(remaining) })),
  };
}
