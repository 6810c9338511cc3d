import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import { NO_INSTRUCTIONS } from '../order-instructions.ts';
import type { DenyReason, OrderDenial } from '../rules/order-denial.ts';
import type { SizeRule } from '../rules/order-rule.ts';
import {
  notionalKeepsMaximum,
  notionalReachesMinimum,
  quantityIsOnStep,
  quantityKeepsMaximum,
  quantityReachesMinimum,
} from '../rules/quantity-rules.ts';
import {
  quoteQuantityIsValid,
  quoteQuantityKeepsMaximum,
  UNPRICED_QUANTITY,
} from '../quote-quantity.ts';
import type { TradingState } from '../trading-control.ts';
import { RFQ_REASONS, type RfqReason, type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { NewRfq } from './rfq.ts';

/** The market that a request is checked against. */
export interface AskedMarket {
  /** Null if no instrument has this symbol. */
  readonly instrument: Instrument | null;
  /** The price that values the size; null while there is no market, and the value is not checked then. */
  readonly midPrice: Price | null;
}

/** The state that a request for quote is checked against, all from the same moment. */
export interface RequestCheck extends AskedMarket {
  readonly tradingState: TradingState;
  /** The number of the account's open and quoted requests. */
  readonly openRfqs: number;
  readonly maxOpenRfqs: number;
  /** As many as the user has in all accounts; 0 for a caller that is not a user. */
  readonly userOpenRfqs: number;
  readonly maxUserOpenRfqs: number;
}

/** The size rules that orders have, too: those that always apply, and those that need a price. */
type SizeRules = readonly [always: readonly SizeRule[], byValue: readonly SizeRule[]];
const BY_QUANTITY: SizeRules = [
  [quantityIsOnStep, quantityReachesMinimum, quantityKeepsMaximum],
  [notionalReachesMinimum, notionalKeepsMaximum],
];
const BY_QUOTE_QUANTITY: SizeRules = [[quoteQuantityIsValid], [quoteQuantityKeepsMaximum]];

/** What is checked: a request for quote, or a price level for both sides. */
type AskedTrade = Pick<NewRfq, 'symbol' | 'side' | 'size'>;

/** Why a request is refused; null if it can be quoted. */
export function requestRefusal(asked: AskedTrade, check: RequestCheck): RfqRefusal | null {
  return (
    marketRefusal(asked, check) ??
    (check.tradingState === 'HALTED' ? haltedRefusal() : null) ??
    tooManyOpen('The account has', 'maxOpenRfqs', check.openRfqs, check.maxOpenRfqs) ??
    tooManyOpen(
      'In all accounts you have',
      'maxUserOpenRfqs',
      check.userOpenRfqs,
      check.maxUserOpenRfqs,
    )
  );
}

/** Why nobody can be quoted this; null if it can be quoted. */
export function marketRefusal(
  asked: AskedTrade,
  { instrument, midPrice }: AskedMarket,
): RfqRefusal | null {
  if (instrument === null)
    return rfqRefusal('INSTRUMENT_NOT_FOUND', unknownInstrumentMessage(asked.symbol));
  if (instrument.status !== 'TRADING') return notTrading(instrument);
  return sizeRefusal(asked, instrument, midPrice);
}

function tooManyOpen(whose: string, rule: string, open: number, most: number): RfqRefusal | null {
  if (open < most) return null;
  const message = `${whose} ${open} open requests; the limit is ${most}.`;
  const values = { rule, limit: `${most}`, actual: `${open + 1}` };
  return rfqRefusal('TOO_MANY_OPEN_RFQS', message, values);
}

/** INSTRUMENT_NOT_TRADING */
export function notTrading({ symbol, status }: Instrument): RfqRefusal {
  return rfqRefusal('INSTRUMENT_NOT_TRADING', `${symbol} is not trading now: it is ${status}.`, {
    rule: 'status',
  });
}

/** TRADING_HALTED */
export function haltedRefusal(): RfqRefusal {
  return rfqRefusal('TRADING_HALTED', 'Trading is halted.', { rule: 'tradingState' });
}

/** The refusal for a rule that orders have, too. */
export function refusalOf(denial: OrderDenial): RfqRefusal {
  return { ...denial, reason: reasonOf(denial.reason) };
}

function reasonOf(reason: DenyReason): RfqReason {
  return RFQ_REASONS.find((one) => one === reason) ?? 'TECHNICAL';
}

/**
 * Which rule the size of a request breaks; null if it breaks none.
 * @param mid the price that values it; null without a market: then its value is checked before its first quote
 */
export function sizeRefusal(
  { symbol, side, size }: AskedTrade,
  instrument: Instrument,
  mid: Price | null,
): RfqRefusal | null {
  const { quantity, quoteQuantity } = size;
  // Without a market a size is at least what it is at the lowest price.
  const limitPrice = mid ?? instrument.tickSize;
  const request = {
    clientOrderId: '',
    symbol,
    side: side ?? 'BUY',
    terms: { orderType: 'LIMIT', limitPrice, timeInForce: 'FOK' },
    quantity: quantity ?? UNPRICED_QUANTITY,
    instructions: { ...NO_INSTRUCTIONS, quoteQuantity },
  } as const;
  const [always, byValue] = quantity === null ? BY_QUOTE_QUANTITY : BY_QUANTITY;
  const rules = mid === null ? always : [...always, ...byValue];
  for (const rule of rules) {
    // The limit price values it, and no quote.
    const broken = rule(request, { instrument, quote: null, nowMs: 0 });
    if (broken !== null) return refusalOf(broken);
  }
  return null;
}
