import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedTrader } from '../../prisma/account/test-seed-trader.ts';
import { readBalances } from './support/balances.ts';
import type { Desk } from './support/harness.ts';
import { poll } from './support/poll.ts';
import { type Input, newRequest, QuoteAsker } from './support/quote-asker.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

// Every refusal that needs a quote, each with its own reason; bad-order-mutations has those that need none.

describe('a quote on request', () => {
  let desk: Desk;
  let trader: TraderClient;
  let client: QuoteAsker;
  let other: QuoteAsker;
  let poor: QuoteAsker;
  let ofDesk: QuoteAsker;
  beforeAll(async () => {
    desk = await shareDesk('moving');
    trader = await desk.aTrader({ USDT: '100000' });
    client = new QuoteAsker(trader);
    other = new QuoteAsker(await desk.aTrader({ USDT: '100000' }));
    poor = new QuoteAsker(await desk.aTrader({ USDT: '1' }));
    const options = { name: 'of the desk', balances: {}, isDesk: true };
    ofDesk = new QuoteAsker(desk.aClientWith(await seedTrader(desk.databaseUrls.account, options)));
  });
  afterAll(() => desk.stop());

  const serverTime = async () =>
    Date.parse((await trader.request<{ serverTime: string }>('{ serverTime }')).serverTime);
  const setTradingState = (tradingState: string) =>
    trader.request(
      `mutation ($input: SetTradingStateInput!) { setTradingState(input: $input) { __typename } }`,
      { input: { scope: { accountId: trader.accountId }, tradingState, reason: 'a test' } },
    );
  const acceptWith = (more: Input) => async () => {
    const { good } = await client.quoted();
    return client.ask('acceptQuote', { ...good, ...more });
  };

  /** What is wrong, how it is tried, and the one answer to it. */
  const REFUSALS: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['of which there is none', acceptWith({ quoteId: 'none' }), 'QuoteRefused QUOTE_NOT_FOUND'],
    [
      'of another request',
      async () => {
        const { quote } = await client.quoted();
        return acceptWith({ quoteId: quote.id })();
      },
      'QuoteRefused QUOTE_NOT_FOUND',
    ],
    [
      'for another instrument',
      acceptWith({ symbol: 'ETH-USDT' }),
      'QuoteRefused INSTRUMENT_MISMATCH',
    ],
    ['for the other side', acceptWith({ side: 'SELL' }), 'QuoteRefused SIDE_MISMATCH'],
    ['at another price', acceptWith({ price: '1' }), 'QuoteRefused PRICE_MISMATCH'],
    ['for another quantity', acceptWith({ quantity: '0.02' }), 'QuoteRefused QUANTITY_MISMATCH'],
    [
      'by a token that is none',
      acceptWith({ comparisonToken: 'none' }),
      'QuoteRefused COMPARISON_TOKEN_INVALID',
    ],
    [
      'of somebody else',
      async () => other.ask('acceptQuote', (await client.quoted()).good),
      'RfqNotFound',
    ],
    [
      'of a request that somebody else would cancel',
      async () => other.ask('cancelRfq', { rfqId: (await client.quoted()).rfq.id }),
      'RfqNotFound',
    ],
    [
      'of a canceled request',
      async () => {
        const { rfq, good } = await client.quoted();
        expect(await client.ask('cancelRfq', { rfqId: rfq.id })).toBe('RfqCanceled');
        return client.ask('acceptQuote', good);
      },
      'QuoteRefused QUOTE_WITHDRAWN',
    ],
    [
      'that was taken over by a trader',
      async () => {
        const { rfq, good } = await client.quoted();
        expect(await ofDesk.ask('takeOverRfq', { rfqId: rfq.id })).toBe('RfqHandled');
        return client.ask('acceptQuote', good);
      },
      'QuoteRefused QUOTE_WITHDRAWN',
    ],
    [
      'whose time is over',
      async () => {
        const { quote, good } = await client.quoted();
        await poll(async () => (await serverTime()) > Date.parse(quote.validUntil));
        return client.ask('acceptQuote', good);
      },
      'QuoteRefused QUOTE_EXPIRED',
    ],
    [
      'that cannot be paid',
      async () => poor.ask('acceptQuote', (await poor.quoted()).good),
      'QuoteRejected NOTIONAL_EXCEEDS_FREE_BALANCE',
    ],
    [
      'asked for otherwise under the same id',
      async () => {
        const asked = newRequest();
        await client.ask('requestQuote', asked);
        return client.ask('requestQuote', { ...asked, side: 'SELL' });
      },
      'ClientRfqIdConflict',
    ],
    [
      'compared otherwise under the same id',
      async () => {
        const { size: _size, ...ids } = newRequest();
        const asked = { ...ids, quantity: '0.01' };
        expect(await client.ask('compareExecution', asked)).toBe('ExecutionComparison');
        return client.ask('compareExecution', { ...asked, quantity: '0.02' });
      },
      'ClientRfqIdConflict',
    ],
    [
      'compared in too small a size',
      () => {
        const { size: _size, ...ids } = newRequest();
        return client.ask('compareExecution', { ...ids, quantity: '0' });
      },
      'QuoteRequestDenied QUANTITY_BELOW_MINIMUM',
    ],
    [
      'of too little value',
      () => client.ask('requestQuote', { ...newRequest(), size: { quantity: '0.00001' } }),
      'QuoteRequestDenied NOTIONAL_BELOW_MINIMUM',
    ],
    [
      'taken over by who is not of the desk',
      async () => client.ask('takeOverRfq', { rfqId: (await other.quoted()).rfq.id }),
      'NotTheDesk',
    ],
    [
      'made by who is not of the desk',
      async () =>
        client.ask('quoteRfq', { rfqId: (await other.quoted()).rfq.id, askPrice: '50000' }),
      'NotTheDesk',
    ],
    [
      'made by a trader who has not taken the request over',
      async () =>
        ofDesk.ask('quoteRfq', { rfqId: (await client.quoted()).rfq.id, askPrice: '50000' }),
      'RfqNotHandled NOT_YOURS',
    ],
    [
      'taken over too late',
      async () => {
        const { rfq } = await client.quoted();
        await client.ask('cancelRfq', { rfqId: rfq.id });
        return ofDesk.ask('takeOverRfq', { rfqId: rfq.id });
      },
      'RfqNotHandled NOT_OPEN',
    ],
    [
      'taken over by who made it',
      async () => ofDesk.ask('takeOverRfq', { rfqId: (await ofDesk.quoted()).rfq.id }),
      'RfqNotHandled OWN_ACCOUNT',
    ],
    ['taken over of no request', () => ofDesk.ask('takeOverRfq', { rfqId: 'nope' }), 'RfqNotFound'],
  ];

  it.each(REFUSALS)('%s is refused, and nothing happens', async (_name, attempt, expected) => {
    const before = await readBalances(trader);
    // A quote is firm for some seconds: on a busy machine what comes in between can take longer.
    const answers: string[] = [];
    await poll(
      async () => answers[answers.push(await attempt()) - 1] === expected || answers.length > 5,
    );
    expect(answers.at(-1), answers.join(', ')).toBe(expected);
    expect(await readBalances(trader)).toEqual(before);
  });

  it('is refused to an account that is halted, as is one from before', async () => {
    const { good } = await client.quoted();
    await setTradingState('HALTED');
    try {
      const asked = await client.ask('requestQuote', newRequest());
      expect(asked).toBe('QuoteRequestDenied TRADING_HALTED');
      expect(await client.ask('acceptQuote', good)).toMatch(/^QuoteRefused /);
    } finally {
      await setTradingState('ACTIVE');
    }
  });

  it('is refused to an account that may only reduce, if it would add to a position', async () => {
    await setTradingState('REDUCING');
    try {
      const reason = 'QuoteRefused TRADING_STATE_REDUCING';
      await poll(async () => {
        const answer = await client.ask('acceptQuote', (await client.quoted()).good);
        expect(answer).toMatch(/^QuoteRefused /);
        return answer === reason;
      });
    } finally {
      await setTradingState('ACTIVE');
    }
  });

  it('trades once: another accept of it, and its order’s id, are refused', async () => {
    let taken: Input = {};
    await poll(async () => {
      taken = (await client.quoted()).good;
      return (await client.ask('acceptQuote', taken)) === 'QuoteFilled';
    });
    expect(await client.ask('acceptQuote', taken)).toBe('QuoteFilled');
    const again = { ...taken, clientOrderId: 'another' };
    expect(await client.ask('acceptQuote', again)).toBe('QuoteRefused QUOTE_ALREADY_USED');
    const { good } = await client.quoted();
    expect(
      await client.ask('acceptQuote', { ...good, clientOrderId: taken['clientOrderId'] }),
    ).toBe('ClientOrderIdConflict');
    expect(await client.ask('cancelRfq', { rfqId: taken['rfqId'] })).toBe('RfqNotCancelable');
  });
});
