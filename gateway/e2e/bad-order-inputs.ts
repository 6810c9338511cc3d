/** An order mutation. */
export type Mutation =
  | 'placeOrder'
  | 'placeOrders'
  | 'amendOrder'
  | 'cancelOrder'
  | 'cancelOrders'
  | 'cancelAllOrders'
  | 'cancelAllAfter'
  | 'setTradingState';
/** An input of a mutation, without the account that asks. */
export type Input = Readonly<Record<string, unknown>>;

const limit = { quantity: '0.01', limitPrice: '50000' };
const place = (terms: Input, change: Input = {}): Input => ({
  clientOrderId: 'bad',
  symbol: 'BTC-USDT',
  side: 'BUY',
  terms,
  ...change,
});
const stop = { quantity: '0.01', triggerPrice: '40000' };
const trailing = { quantity: '0.01', trailingOffset: '10', trailingOffsetType: 'PRICE' };
const expiring = (expires: Input) => place({ expiringLimit: { ...limit, expires } });
const amend = (changes: Input, change: Input = {}): Input => ({
  order: { clientOrderId: 'good' },
  amendId: 'bad',
  changes,
  ...change,
});
const set = (scope: Input): Input => ({ scope, tradingState: 'HALTED', reason: 'a drill' });
const stranger = { accountId: 'somebody-else' };

/** What is wrong, where, the input, and the one answer to it. */
export const BAD_INPUTS: readonly (readonly [string, Mutation, Input, string])[] = [
  ['no terms', 'placeOrder', place({}), 'BAD_USER_INPUT'],
  ['two terms', 'placeOrder', place({ limit, market: { quantity: '1' } }), 'BAD_USER_INPUT'],
  ['a number for a decimal', 'placeOrder', place({ market: { quantity: 1 } }), 'BAD_USER_INPUT'],
  ['a sign', 'placeOrder', place({ market: { quantity: '-1' } }), 'BAD_USER_INPUT'],
  ['an exponent', 'placeOrder', place({ market: { quantity: '1e3' } }), 'BAD_USER_INPUT'],
  [
    'GTD without an instant',
    'placeOrder',
    place({ limit: { ...limit, timeInForce: 'GTD' } }),
    'BAD_USER_INPUT',
  ],
  ['an unknown side', 'placeOrder', place({ limit }, { side: 'LONG' }), 'BAD_USER_INPUT'],
  [
    'a malformed id',
    'placeOrder',
    place({ limit }, { clientOrderId: 'a b' }),
    'OrderDenied INVALID_CLIENT_ORDER_ID',
  ],
  [
    'an unknown symbol',
    'placeOrder',
    place({ limit }, { symbol: 'NO-PE', clientOrderId: 'b1' }),
    'OrderDenied INSTRUMENT_NOT_FOUND',
  ],
  [
    'a malformed symbol',
    'placeOrder',
    place({ limit }, { symbol: 'nope' }),
    'OrderDenied INSTRUMENT_NOT_FOUND',
  ],
  ['someone else’s account', 'placeOrder', place({ limit }, stranger), 'AccountNotFound'],
  [
    'a used id',
    'placeOrder',
    place({ limit }, { clientOrderId: 'good', side: 'SELL' }),
    'ClientOrderIdConflict',
  ],
  [
    'a price of zero',
    'placeOrder',
    place({ limit: { ...limit, limitPrice: '0' } }, { clientOrderId: 'b2' }),
    'OrderDenied PRICE_NOT_POSITIVE',
  ],
  [
    'a price off the tick',
    'placeOrder',
    place({ limit: { ...limit, limitPrice: '1.001' } }, { clientOrderId: 'b3' }),
    'OrderDenied PRICE_OFF_TICK',
  ],
  [
    'a quantity off the step',
    'placeOrder',
    place({ limit: { ...limit, quantity: '0.010001' } }, { clientOrderId: 'b4' }),
    'OrderDenied QUANTITY_OFF_STEP',
  ],
  [
    'nothing',
    'placeOrder',
    place({ limit: { ...limit, quantity: '0' } }, { clientOrderId: 'b5' }),
    'OrderDenied QUANTITY_BELOW_MINIMUM',
  ],
  [
    'too much',
    'placeOrder',
    place({ limit: { ...limit, quantity: '99999' } }, { clientOrderId: 'b6' }),
    'OrderDenied QUANTITY_EXCEEDS_MAXIMUM',
  ],
  [
    'too little value',
    'placeOrder',
    place({ limit: { ...limit, quantity: '0.00002' } }, { clientOrderId: 'b7' }),
    'OrderDenied NOTIONAL_BELOW_MINIMUM',
  ],
  [
    'more than is free',
    'placeOrder',
    place({ limit: { ...limit, quantity: '1' } }, { clientOrderId: 'b8' }),
    'OrderDenied NOTIONAL_EXCEEDS_FREE_BALANCE',
  ],
  [
    'no market',
    'placeOrder',
    place({ market: { quantity: '0.01' } }, { clientOrderId: 'b9' }),
    'OrderDenied MARKET_PRICE_UNAVAILABLE',
  ],
  [
    'an instant that has passed',
    'placeOrder',
    { ...expiring({ at: '2020-01-01T00:00:00Z' }), clientOrderId: 'b10' },
    'OrderDenied EXPIRE_TIME_IN_PAST',
  ],
  [
    'two expiries',
    'placeOrder',
    expiring({ at: '2030-01-01T00:00:00Z', endOfDay: true }),
    'BAD_USER_INPUT',
  ],
  ['no expiry', 'placeOrder', expiring({}), 'BAD_USER_INPUT'],
  ['a day that does not end', 'placeOrder', expiring({ endOfDay: false }), 'BAD_USER_INPUT'],
  [
    'a trigger off the tick',
    'placeOrder',
    place({ stopMarket: { ...stop, triggerPrice: '1.001' } }, { clientOrderId: 'b11' }),
    'OrderDenied PRICE_OFF_TICK',
  ],
  [
    'a trigger of zero',
    'placeOrder',
    place({ takeProfitMarket: { ...stop, triggerPrice: '0' } }, { clientOrderId: 'b12' }),
    'OrderDenied PRICE_NOT_POSITIVE',
  ],
  [
    'a limit far from its trigger',
    'placeOrder',
    place({ stopLimit: { ...stop, limitPrice: '1' } }, { clientOrderId: 'b13' }),
    'OrderDenied PRICE_OUTSIDE_COLLAR',
  ],
  [
    'an unknown source',
    'placeOrder',
    place({ stopMarket: { ...stop, triggerSource: 'INDEX' } }),
    'BAD_USER_INPUT',
  ],
  [
    'an offset of zero',
    'placeOrder',
    place({ trailingStopMarket: { ...trailing, trailingOffset: '0' } }, { clientOrderId: 'b14' }),
    'OrderDenied INVALID_COMBINATION',
  ],
  [
    'nothing to trail',
    'placeOrder',
    place({ trailingStopMarket: trailing }, { clientOrderId: 'b15' }),
    'OrderDenied MARKET_PRICE_UNAVAILABLE',
  ],

  ['no orders', 'placeOrders', { orders: [] }, 'BAD_USER_INPUT'],
  [
    'someone else’s account',
    'placeOrders',
    { orders: [place({ limit })], ...stranger },
    'AccountNotFound',
  ],
  [
    'one bad order',
    'placeOrders',
    { orders: [place({ limit: { ...limit, limitPrice: '0' } }, { clientOrderId: 'c1' })] },
    'OrdersPlaced [OrderDenied PRICE_NOT_POSITIVE]',
  ],

  ['no change', 'amendOrder', amend({}), 'AmendDenied INVALID_COMBINATION'],
  [
    'a malformed amendId',
    'amendOrder',
    amend({ quantity: '0.005' }, { amendId: 'a b' }),
    'AmendDenied INVALID_CLIENT_ORDER_ID',
  ],
  [
    'another version',
    'amendOrder',
    amend({ quantity: '0.005' }, { expectedVersion: 7 }),
    'AmendConflict',
  ],
  [
    'a price off the tick',
    'amendOrder',
    amend({ limitPrice: '1.001' }),
    'AmendDenied PRICE_OFF_TICK',
  ],
  [
    'a quantity off the step',
    'amendOrder',
    amend({ quantity: '0.000001' }),
    'AmendDenied QUANTITY_OFF_STEP',
  ],
  [
    'more than is held',
    'amendOrder',
    amend({ quantity: '0.02' }),
    'AmendDenied NOTIONAL_EXCEEDS_FREE_BALANCE',
  ],
  [
    'a trigger it has not',
    'amendOrder',
    amend({ triggerPrice: '1' }),
    'AmendDenied INVALID_COMBINATION',
  ],
  [
    'an expiry it has not',
    'amendOrder',
    amend({ expireAt: '2030-01-01T00:00:00Z' }),
    'AmendDenied INVALID_COMBINATION',
  ],
  [
    'an unknown order',
    'amendOrder',
    amend({ quantity: '1' }, { order: { id: 'nope' } }),
    'OrderNotFound',
  ],
  [
    'an order that has ended',
    'amendOrder',
    amend({ quantity: '1' }, { order: { clientOrderId: 'ended' } }),
    'OrderNotAmendable',
  ],
  [
    'two ids',
    'amendOrder',
    amend({ quantity: '1' }, { order: { id: 'x', clientOrderId: 'y' } }),
    'BAD_USER_INPUT',
  ],
  ['someone else’s account', 'amendOrder', amend({ quantity: '1' }, stranger), 'AccountNotFound'],

  ['no id', 'cancelOrder', { order: {} }, 'BAD_USER_INPUT'],
  ['two ids', 'cancelOrder', { order: { id: 'x', clientOrderId: 'y' } }, 'BAD_USER_INPUT'],
  ['an unknown order', 'cancelOrder', { order: { id: 'nope' } }, 'OrderNotFound'],
  ['a malformed id', 'cancelOrder', { order: { id: 'a b' } }, 'OrderNotFound'],
  ['a denied order', 'cancelOrder', { order: { clientOrderId: 'denied' } }, 'OrderNotCancelable'],
  ['someone else’s account', 'cancelOrder', { order: { id: 'x' }, ...stranger }, 'AccountNotFound'],

  ['no orders', 'cancelOrders', { orders: [] }, 'BAD_USER_INPUT'],
  [
    'too many orders',
    'cancelOrders',
    { orders: Array.from({ length: 101 }, () => ({ id: 'x' })) },
    'BAD_USER_INPUT',
  ],
  ['an order without an id', 'cancelOrders', { orders: [{}] }, 'BAD_USER_INPUT'],
  [
    'unknown orders',
    'cancelOrders',
    { orders: [{ id: 'x' }, { id: 'y' }] },
    'CancelsAnswered [OrderNotFound, OrderNotFound]',
  ],
  [
    'someone else’s account',
    'cancelOrders',
    { orders: [{ id: 'x' }], ...stranger },
    'AccountNotFound',
  ],

  ['a malformed symbol', 'cancelAllOrders', { symbol: 'nope' }, 'OrdersCanceled'],
  ['an unknown side', 'cancelAllOrders', { side: 'LONG' }, 'BAD_USER_INPUT'],
  ['someone else’s account', 'cancelAllOrders', stranger, 'AccountNotFound'],

  ['less than a second', 'cancelAllAfter', { timeoutMs: 999 }, 'CancelTimerInvalid'],
  ['more than five minutes', 'cancelAllAfter', { timeoutMs: 300_001 }, 'CancelTimerInvalid'],
  ['a time before now', 'cancelAllAfter', { timeoutMs: -1 }, 'CancelTimerInvalid'],
  ['half a millisecond', 'cancelAllAfter', { timeoutMs: 1000.5 }, 'BAD_USER_INPUT'],
  ['someone else’s account', 'cancelAllAfter', { timeoutMs: 1000, ...stranger }, 'AccountNotFound'],

  ['no switch', 'setTradingState', set({}), 'BAD_USER_INPUT'],
  ['two switches', 'setTradingState', set({ accountId: 'a', desk: true }), 'BAD_USER_INPUT'],
  ['a switch that is none', 'setTradingState', set({ desk: false }), 'BAD_USER_INPUT'],
  ['the desk’s switch', 'setTradingState', set({ desk: true }), 'NotTheDesk'],
  [
    'the desk’s switch over an account',
    'setTradingState',
    set({ deskAccountId: 'a' }),
    'NotTheDesk',
  ],
  ['someone else’s switch', 'setTradingState', set(stranger), 'AccountNotFound'],
];
