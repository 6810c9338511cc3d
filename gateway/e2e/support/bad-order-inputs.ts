import {
  BAD_PLACE_INPUTS,
  type BadInput,
  type Input,
  limit,
  place,
  stranger,
} from './bad-place-inputs.ts';

const amend = (changes: Input, change: Input = {}): Input => ({
  order: { clientOrderId: 'good' },
  amendId: 'bad',
  changes,
  ...change,
});
const set = (scope: Input): Input => ({ scope, tradingState: 'HALTED', reason: 'a drill' });
/** Everything that is refused. */
export const BAD_INPUTS: readonly BadInput[] = [
  ...BAD_PLACE_INPUTS,
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

  ['no amends', 'amendOrders', { amends: [] }, 'BAD_USER_INPUT'],
  [
    'too many amends',
    'amendOrders',
    { amends: Array.from({ length: 101 }, () => amend({ quantity: '1' })) },
    'BAD_USER_INPUT',
  ],
  [
    'two ids in one amend of two',
    'amendOrders',
    {
      amends: [
        amend({ quantity: '0.005' }),
        amend({ quantity: '1' }, { order: { id: 'x', clientOrderId: 'y' } }),
      ],
    },
    'BAD_USER_INPUT',
  ],
  [
    'bad amends only',
    'amendOrders',
    {
      amends: [
        amend({}),
        amend({ quantity: '0.005' }, { amendId: 'a b' }),
        amend({ quantity: '0.005' }, { expectedVersion: 7 }),
        amend({ quantity: '1' }, { order: { id: 'nope' } }),
        amend({ quantity: '1' }, { order: { clientOrderId: 'ended' } }),
      ],
    },
    'AmendsAnswered [AmendDenied INVALID_COMBINATION, AmendDenied INVALID_CLIENT_ORDER_ID, AmendConflict, OrderNotFound, OrderNotAmendable]',
  ],
  [
    'someone else’s account',
    'amendOrders',
    { amends: [amend({ quantity: '1' })], ...stranger },
    'AccountNotFound',
  ],

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

  ['a malformed symbol', 'cancelAllOrders', { symbol: 'nope' }, 'BAD_USER_INPUT'],
  ['an unknown symbol', 'cancelAllOrders', { symbol: 'FOO-BAR' }, 'BAD_USER_INPUT'],
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
