/** An order mutation. */
export type Mutation =
  | 'placeOrder'
  | 'placeOrders'
  | 'amendOrder'
  | 'amendOrders'
  | 'cancelOrder'
  | 'cancelOrders'
  | 'cancelAllOrders'
  | 'cancelAllAfter'
  | 'setTradingState';
/** An input of a mutation, without the account that asks. */
export type Input = Readonly<Record<string, unknown>>;

/** A good order's terms. */
export const limit = { quantity: '0.01', limitPrice: '50000' };
/** An input of `placeOrder`, with what is bad about it. */
export const place = (terms: Input, change: Input = {}): Input => ({
  clientOrderId: 'bad',
  symbol: 'BTC-USDT',
  side: 'BUY',
  terms,
  ...change,
});
const stop = { quantity: '0.01', triggerPrice: '40000' };
const trailing = { quantity: '0.01', trailingOffset: '10', trailingOffsetType: 'PRICE' };
const expiring = (expires: Input) => place({ expiringLimit: { ...limit, expires } });
/** An account that is not the asker's. */
export const stranger = { accountId: 'somebody-else' };

/** What is wrong, where, the input, and the one answer to it. */
export type BadInput = readonly [string, Mutation, Input, string];

/** Orders that cannot be placed. */
export const BAD_PLACE_INPUTS: readonly BadInput[] = [
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
    'a time that has passed',
    'placeOrder',
    place({ limit }, { validUntil: '2020-01-01T00:00:00Z', clientOrderId: 'b0' }),
    'OrderDenied TOO_LATE',
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

  ['a post-only order without a mode', 'placeOrder', place({ postOnly: limit }), 'BAD_USER_INPUT'],
  [
    'a post-only order that may take',
    'placeOrder',
    place({ postOnly: { ...limit, mode: 'OFF' } }),
    'BAD_USER_INPUT',
  ],
  [
    'a post-only order that does not rest',
    'placeOrder',
    place({ postOnly: { ...limit, mode: 'REJECT', timeInForce: 'IOC' } }),
    'BAD_USER_INPUT',
  ],
  [
    'an iceberg that shows more than it has',
    'placeOrder',
    place({ iceberg: { ...limit, displayQuantity: '0.02' } }, { clientOrderId: 'b16' }),
    'OrderDenied QUANTITY_EXCEEDS_MAXIMUM',
  ],
  [
    'an iceberg that shows a crumb',
    'placeOrder',
    place({ iceberg: { ...limit, displayQuantity: '0.00066' } }, { clientOrderId: 'b17' }),
    'OrderDenied QUANTITY_BELOW_MINIMUM',
  ],
  [
    'an iceberg that shows parts of a step',
    'placeOrder',
    place({ iceberg: { ...limit, displayQuantity: '0.001001' } }, { clientOrderId: 'b18' }),
    'OrderDenied QUANTITY_OFF_STEP',
  ],
  [
    'a market order by both quantities',
    'placeOrder',
    place({ market: { quantity: '1', quoteQuantity: '1' } }),
    'BAD_USER_INPUT',
  ],
  [
    'a quote quantity finer than the asset',
    'placeOrder',
    place({ marketByQuote: { quoteQuantity: '10.0000000001' } }, { clientOrderId: 'b19' }),
    'BAD_USER_INPUT',
  ],
  [
    'a quote quantity below the least value',
    'placeOrder',
    place({ marketByQuote: { quoteQuantity: '1' } }, { clientOrderId: 'b20' }),
    'OrderDenied NOTIONAL_BELOW_MINIMUM',
  ],
  [
    'no market to spend on',
    'placeOrder',
    place({ marketByQuote: { quoteQuantity: '100' } }, { clientOrderId: 'b21' }),
    'OrderDenied MARKET_PRICE_UNAVAILABLE',
  ],
  [
    'a guard that can be no connection',
    'placeOrder',
    place({ limit }, { guardConnectionId: 'a b' }),
    'BAD_USER_INPUT',
  ],
  [
    'a token that can be none',
    'placeOrder',
    place({ limit }, { comparisonToken: 'a b' }),
    'BAD_USER_INPUT',
  ],
  [
    'a token of no comparison',
    'placeOrder',
    place({ limit }, { comparisonToken: 'nobody-has-this', clientOrderId: 'b22' }),
    'OrderDenied COMPARISON_TOKEN_INVALID',
  ],
  [
    'no way to prevent a self-trade',
    'placeOrder',
    place({ limit }, { selfTradePrevention: 'NONE' }),
    'BAD_USER_INPUT',
  ],
];
