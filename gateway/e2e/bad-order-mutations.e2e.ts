import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_INPUTS } from './support/bad-order-inputs.ts';
import { BAD_LEVEL_STREAMS, BAD_RFQ_INPUTS, type RfqMutation } from './support/bad-rfq-inputs.ts';
import type { Input, Mutation } from './support/bad-place-inputs.ts';
import { expectBalances, readBalances } from './support/balances.ts';
import type { Desk } from './support/harness.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

// Every trading mutation's bad inputs as one table: each line is one input and its one answer, the
// union member with its reason, or the code of the error where the input is none. After each of them
// the account's orders and balances are what they were.

/** One document for a mutation: the member it answered with, and the reason where it has one. */
function documentOf(mutation: string, input: string, members: string): string {
  return `mutation ($input: ${input}!) { answer: ${mutation}(input: $input) { __typename ${members} } }`;
}

const DENIED = '... on OrderDenied { denial { reason } }';
const DOCUMENTS = {
  placeOrder: documentOf('placeOrder', 'PlaceOrderInput', DENIED),
  placeOrders: documentOf(
    'placeOrders',
    'PlaceOrdersInput',
    `... on OrdersPlaced { results { __typename ${DENIED} } }`,
  ),
  amendOrder: documentOf(
    'amendOrder',
    'AmendOrderInput',
    '... on AmendDenied { denial { reason } }',
  ),
  amendOrders: documentOf(
    'amendOrders',
    'AmendOrdersInput',
    '... on AmendsAnswered { results { __typename ... on AmendDenied { denial { reason } } } }',
  ),
  cancelOrder: documentOf('cancelOrder', 'CancelOrderInput', ''),
  cancelOrders: documentOf(
    'cancelOrders',
    'CancelOrdersInput',
    '... on CancelsAnswered { results { __typename } }',
  ),
  cancelAllOrders: documentOf(
    'cancelAllOrders',
    'CancelAllOrdersInput',
    '... on OrdersCanceled { orders { id } }',
  ),
  cancelAllAfter: documentOf('cancelAllAfter', 'CancelAllAfterInput', ''),
  setTradingState: documentOf('setTradingState', 'SetTradingStateInput', ''),
  requestQuote: documentOf(
    'requestQuote',
    'RequestQuoteInput',
    '... on QuoteRequestDenied { denial: refusal { reason } }',
  ),
  acceptQuote: documentOf(
    'acceptQuote',
    'AcceptQuoteInput',
    '... on QuoteRefused { denial: refusal { reason } }',
  ),
  cancelRfq: documentOf('cancelRfq', 'CancelRfqInput', ''),
} as const satisfies Record<Mutation | RfqMutation, string>;

const PRICE_LEVELS = /* GraphQL */ `
  subscription ($accountId: ID!, $symbol: ID!, $quantities: [Decimal!]!) {
    priceLevels(accountId: $accountId, symbol: $symbol, quantities: $quantities) {
      __typename
    }
  }
`;
const ALL_BAD_INPUTS = [...BAD_INPUTS, ...BAD_RFQ_INPUTS];

interface Member {
  readonly __typename: string;
  readonly denial?: { readonly reason: string };
  readonly results?: readonly Member[];
}

function shortly({ __typename, denial, results }: Member): string {
  const inner = results === undefined ? '' : ` [${results.map(shortly).join(', ')}]`;
  return `${__typename}${denial === undefined ? '' : ` ${denial.reason}`}${inner}`;
}

describe('a bad input', () => {
  let desk: Desk;
  let trader: TraderClient;
  const orders = async () =>
    trader.request(
      'query ($id: ID!) { orders(accountId: $id, filter: { isOpen: true }) { edges { node { id status quantity limitPrice version } } } }',
      { id: trader.accountId },
    );
  const ask = async (mutation: Mutation | RfqMutation, input: Input): Promise<string> => {
    const own = mutation === 'setTradingState' ? {} : { accountId: trader.accountId };
    const variables = { input: { ...own, ...input } };
    const { data, errors } = await trader.send<{ answer: Member }>(DOCUMENTS[mutation], variables);
    const [error] = errors ?? [];
    return error === undefined ? shortly(data?.answer as Member) : String(error.extensions['code']);
  };

  beforeAll(async () => {
    desk = await shareDesk('still');
    trader = await desk.aTrader({ USDT: '1000' });
    for (const [clientOrderId, limitPrice] of [
      ['good', '50000'],
      ['ended', '40000'],
      ['denied', '0'],
    ] as const) {
      const { accountId } = trader;
      const order = {
        accountId,
        clientOrderId,
        limitPrice,
        side: 'BUY',
        quantity: '0.01',
      } as const;
      await trader.request<PlaceOrderAnswer>(PLACE_ORDER, limitOrder(order));
    }
    expect(await ask('cancelOrder', { order: { clientOrderId: 'ended' } })).toBe('OrderCanceled');
    // What a canceled order held is given back by the outbox, after the answer.
    await expectBalances(trader, { USDT: '1000/500.5/499.5' });
  });
  afterAll(() => desk.stop());

  it('is in the table for every order mutation', () => {
    expect(new Set(ALL_BAD_INPUTS.map(([, mutation]) => mutation))).toEqual(
      new Set(Object.keys(DOCUMENTS)),
    );
  });

  it.each(ALL_BAD_INPUTS)('of %s to %s', async (_name, mutation, input, expected) => {
    const before = [await orders(), await readBalances(trader)];
    expect(await ask(mutation, input)).toBe(expected);
    expect([await orders(), await readBalances(trader)]).toEqual(before);
  });

  it.each(BAD_LEVEL_STREAMS)('of %s to priceLevels', async (_name, input, code) => {
    const good = { accountId: trader.accountId, symbol: 'BTC-USDT', quantities: ['1'] };
    const stream = trader.subscribe(PRICE_LEVELS, { ...good, ...input });
    expect(JSON.stringify(await stream.failure())).toContain(code);
  });
});
