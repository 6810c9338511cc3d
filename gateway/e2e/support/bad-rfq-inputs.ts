import type { Input } from './bad-place-inputs.ts';

/** A mutation about quotes on request. */
export type RfqMutation = 'requestQuote' | 'acceptQuote' | 'cancelRfq';
/** What is wrong, where, the input, and the one answer to it. */
export type BadRfqInput = readonly [string, RfqMutation, Input, string];

const stranger = { accountId: 'somebody-else' };
const request = (change: Input = {}): Input => ({
  clientRfqId: 'bad',
  symbol: 'BTC-USDT',
  size: { quantity: '0.01' },
  ...change,
});
const accept = (change: Input = {}): Input => ({
  rfqId: 'nope',
  quoteId: 'nope',
  symbol: 'BTC-USDT',
  side: 'BUY',
  quantity: '0.01',
  price: '50000',
  clientOrderId: 'bad',
  ...change,
});
const denied = (reason: string) => `QuoteRequestDenied ${reason}`;
const refused = (reason: string) => `QuoteRefused ${reason}`;

/** What is wrong, the variables of `priceLevels` but for the account, and the code of its error. */
export const BAD_LEVEL_STREAMS: readonly (readonly [string, Input, string])[] = [
  ['someone else’s account', stranger, 'NOT_FOUND'],
  ['a malformed account', { accountId: 'a b' }, 'NOT_FOUND'],
  ['an unknown instrument', { symbol: 'NO-SUCH' }, 'BAD_USER_INPUT'],
  ['a malformed instrument', { symbol: 'btc' }, 'BAD_USER_INPUT'],
  ['no quantity', { quantities: [] }, 'BAD_USER_INPUT'],
  ['a quantity twice', { quantities: ['1', '1.00'] }, 'BAD_USER_INPUT'],
  [
    'too many quantities',
    { quantities: Array.from({ length: 11 }, (_, index) => `${index + 1}`) },
    'BAD_USER_INPUT',
  ],
  ['a number for a decimal', { quantities: [1] }, 'BAD_USER_INPUT'],
  ['a sign', { quantities: ['-1'] }, 'BAD_USER_INPUT'],
];

/** Requests and accepts that are refused without a quote. */
export const BAD_RFQ_INPUTS: readonly BadRfqInput[] = [
  ['no size', 'requestQuote', request({ size: {} }), 'BAD_USER_INPUT'],
  [
    'two sizes',
    'requestQuote',
    request({ size: { quantity: '1', quoteQuantity: '1' } }),
    'BAD_USER_INPUT',
  ],
  ['a number for a decimal', 'requestQuote', request({ size: { quantity: 1 } }), 'BAD_USER_INPUT'],
  ['an unknown side', 'requestQuote', request({ side: 'LONG' }), 'BAD_USER_INPUT'],
  ['someone else’s account', 'requestQuote', request(stranger), 'AccountNotFound'],
  [
    'a malformed id',
    'requestQuote',
    request({ clientRfqId: 'a b' }),
    denied('INVALID_CLIENT_RFQ_ID'),
  ],
  [
    'an id too long',
    'requestQuote',
    request({ clientRfqId: 'x'.repeat(37) }),
    denied('INVALID_CLIENT_RFQ_ID'),
  ],
  [
    'an unknown instrument',
    'requestQuote',
    request({ symbol: 'NO-SUCH' }),
    denied('INSTRUMENT_NOT_FOUND'),
  ],
  [
    'a malformed instrument',
    'requestQuote',
    request({ symbol: 'btc' }),
    denied('INSTRUMENT_NOT_FOUND'),
  ],
  [
    'nothing',
    'requestQuote',
    request({ size: { quantity: '0' } }),
    denied('QUANTITY_BELOW_MINIMUM'),
  ],
  [
    'a size off the step',
    'requestQuote',
    request({ size: { quantity: '0.000001' } }),
    denied('QUANTITY_OFF_STEP'),
  ],
  [
    'a size too large',
    'requestQuote',
    request({ size: { quantity: '99999999' } }),
    denied('QUANTITY_EXCEEDS_MAXIMUM'),
  ],

  ['someone else’s account', 'acceptQuote', accept(stranger), 'AccountNotFound'],
  ['an unknown request', 'acceptQuote', accept(), 'RfqNotFound'],
  ['a malformed request', 'acceptQuote', accept({ rfqId: 'a b' }), 'RfqNotFound'],
  [
    'a malformed clientOrderId',
    'acceptQuote',
    accept({ clientOrderId: 'a b' }),
    refused('INVALID_CLIENT_ORDER_ID'),
  ],
  [
    'more slippage than may be',
    'acceptQuote',
    accept({ maxSlippageBps: 21 }),
    refused('INVALID_SLIPPAGE'),
  ],
  [
    'less than no slippage',
    'acceptQuote',
    accept({ maxSlippageBps: -1 }),
    refused('INVALID_SLIPPAGE'),
  ],
  ['half a basis point', 'acceptQuote', accept({ maxSlippageBps: 0.5 }), 'BAD_USER_INPUT'],
  ['a malformed quote', 'acceptQuote', accept({ quoteId: 'a b' }), refused('QUOTE_NOT_FOUND')],
  ['a malformed symbol', 'acceptQuote', accept({ symbol: 'btc' }), refused('INSTRUMENT_MISMATCH')],
  ['an unknown level', 'acceptQuote', accept({ rfqId: null }), refused('LEVEL_NO_LONGER_VALID')],
  [
    'a malformed level',
    'acceptQuote',
    accept({ rfqId: null, quoteId: 'a b' }),
    refused('LEVEL_NO_LONGER_VALID'),
  ],
  ['a sign', 'acceptQuote', accept({ price: '-1' }), 'BAD_USER_INPUT'],

  ['an unknown request', 'cancelRfq', { rfqId: 'nope' }, 'RfqNotFound'],
  ['someone else’s account', 'cancelRfq', { rfqId: 'nope', ...stranger }, 'AccountNotFound'],
];
