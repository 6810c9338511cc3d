import { parseFillId, parseTradeId, trusted } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { VenuePrevention, VenueTrade } from '../domain/ports/execution-venue.ts';
import { SHOWN_ONLY } from '../domain/book/match-limit.ts';
import type { OrderPreview } from '../domain/order-preview.ts';
import { acceptOrder, fillOrder, type NewOrder, submitOrder } from '../domain/order-progress.ts';
import { isOpen, isWaiting, type OpenOrder, type OrderHold } from '../domain/order.ts';
import { preventQuantity } from '../domain/prevented-match.ts';
import { withoutSpareHold } from '../domain/spare-hold.ts';
import { withExecutedQuantity } from '../domain/quote-quantity.ts';
import { checkNewOrder } from './check-new-order.ts';
import type { Turn } from './turn.ts';

/**
 * What placing an order would do now: the same checks, the same hold and the same walk of the book,
 * but without what icebergs hide; and nothing changes.
 */
export function previewNewOrder(
  turn: Turn,
  asked: NewOrder,
  instrument: Instrument | null,
): OrderPreview {
  const checked = checkNewOrder(turn, asked, instrument);
  const { order } = checked;
  const base = { order, instrument, quote: turn.quotes.quote(order.symbol), at: turn.now };
  if (checked.kind === 'denied')
    return { ...base, violations: checked.violations, hold: null, execution: null };
  invariant(instrument !== null, 'an order passed the checks without an instrument');
  const execution = executionOf(turn, order, checked.hold, instrument);
  return { ...base, violations: [], hold: checked.hold, execution };
}

/** Each part is booked like a real one, so that fees are rounded the same. */
function executionOf(
  { venue, now }: Turn,
  order: NewOrder,
  hold: OrderHold,
  instrument: Instrument,
): OrderPreview['execution'] {
  const accepted = acceptOrder(submitOrder(order, hold, now), Number.MAX_SAFE_INTEGER, now);
  invariant(isOpen(accepted), 'an accepted order is not open');
  if (isWaiting(accepted)) return { order: accepted, end: 'WAITS' };
  const execution = venue.preview(accepted, instrument, SHOWN_ONLY);
  const { steps, residual } = execution;
  const after = steps.reduce<OpenOrder>(
    (before, step) => afterStep(before, step, instrument, now),
    withExecutedQuantity(accepted, execution),
  );
  invariant(residual.kind !== 'goesOn', 'a preview has no limit');
  return { order: after, end: ENDS[residual.kind] };
}

const ENDS = {
  none: 'FILLED',
  rests: 'RESTS',
  expires: 'EXPIRES',
  prevented: 'CANCELED',
  rejected: 'REJECTED',
} as const;

const PREVIEW_FILL = trusted(parseFillId, 'preview');
const PREVIEW_TRADE = trusted(parseTradeId, 'preview');

function afterStep(
  before: OpenOrder,
  step: VenueTrade | VenuePrevention,
  instrument: Instrument,
  now: number,
): OpenOrder {
  if (step.kind === 'trade') return afterTrade(before, step, instrument, now);
  if (step.takerQuantity === 0n) return before;
  const less = preventQuantity(
    before,
    { price: step.price, quantity: step.takerQuantity },
    null,
    now,
  );
  return withoutSpareHold(less, instrument).order;
}

function afterTrade(
  order: OpenOrder,
  { price, quantity }: Pick<Parameters<typeof fillOrder>[1], 'price' | 'quantity'>,
  instrument: Instrument,
  now: number,
): OpenOrder {
  const part = {
    fillId: PREVIEW_FILL,
    tradeId: PREVIEW_TRADE,
    price,
    quantity,
    liquiditySide: 'TAKER',
  } as const;
  const filled = fillOrder(order, part, instrument, now).order;
  // The last fill closes it; nothing follows, and only its sums are read.
  return { ...order, ...filled, state: order.state, hold: filled.hold ?? order.hold };
}
