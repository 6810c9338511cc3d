import {
  getIntrospectionQuery,
  graphqlSync,
  isObjectType,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { MAX_OPERATION_COST } from './max-operation-cost.ts';
import { operationCost } from './operation-cost.ts';
import type { ListSizes } from './schema-sizes.ts';

const { apiSchema } = composedQueryGraph();

function read(text: string) {
  const document = parse(text);
  return [document, document.definitions[0] as OperationDefinitionNode] as const;
}
const CANCEL_ORDERS = (
  order: string,
) => `mutation ($o: [OrderReferenceInput!]!) { cancelOrders(input: { accountId: "a", orders: $o }) {
  ... on CancelsAnswered { results { ... on OrderNotCancelable { order { ${order} } } } } } }`;
const costOf = (text: string, variables?: Record<string, unknown>, lists?: ListSizes) =>
  operationCost(apiSchema, ...read(text), variables, lists).total;

describe('the cost of an operation', () => {
  it.each([
    ['is one at least', '{ serverTime }', {}, 1],
    ['is one for each object', '{ instrument(symbol: "A") { symbol base { name } } }', {}, 2],
    [
      'counts a page by its size',
      '{ instruments(first: 20) { edges { node { symbol } } } }',
      {},
      41,
    ],
    ['takes a page for 50', '{ instruments { edges { node { symbol } } } }', {}, 101],
    ['takes other lists for 10', '{ viewer { accounts { balances { total } } } }', {}, 111],
    [
      'multiplies what is nested',
      '{ instruments(first: 5) { edges { node { trades(first: 4) { edges { cursor } } } } } }',
      {},
      1 + 5 * (2 + 5),
    ],
    [
      'reads a variable',
      'query ($n: Int) { instruments(first: $n) { edges { cursor } } }',
      { n: 7 },
      8,
    ],
    [
      'reads the default of a variable',
      'query ($n: Int = 9) { instruments(first: $n) { edges { cursor } } }',
      {},
      10,
    ],
    [
      'takes a page for 50 where its variable is null, whatever the default of that is',
      'query ($n: Int = 0) { instruments(first: $n) { edges { node { trades(first: $n) { edges { cursor } } } } } }',
      { n: null },
      1 + 50 * (2 + 51),
    ],
    [
      'reads the default of a variable whose name every object knows',
      'query ($valueOf: Int = 90) { instruments(first: $valueOf) { edges { cursor } } }',
      {},
      91,
    ],
    [
      'reads the default of the schema',
      'subscription { orderBookChanged(symbol: "A") { ... on OrderBookSnapshot { book { bids { price } } } } }',
      {},
      10 + 2 + 20,
    ],
    [
      'counts the orders and fills of a snapshot as many',
      'subscription { orderEvents(accountId: "a") { ... on OrderSnapshot { openOrders { fills { price } } fills { price } } } }',
      {},
      10 + 1 + 200 * (1 + 75) + 50,
    ],
    [
      'counts the quotes of each of several requests as those of one that nobody accepts',
      '{ rfqs(accountId: "a", first: 5) { edges { node { quotes { basis { tier } } } } } }',
      {},
      1 + 5 * (1 + 1 + 120 * 2),
    ],
    [
      'takes those of canceled orders for 10, so that a cancel stays free',
      'mutation { cancelAllOrders(input: { accountId: "a" }) { ... on OrdersCanceled { orders { fills { fee } } } } }',
      {},
      10 + 1 + 10 * (1 + 10),
    ],
    [
      'takes the answers of a batch for 10 while they are as small as those of orders',
      `mutation ($o: [BatchOrderInput!]!) { placeOrders(input: { accountId: "a", orders: $o }) {
        ... on OrdersPlaced { results { ... on OrderAccepted { order { id } } } }
      } }`,
      { o: Array.from({ length: 100 }, () => ({})) },
      100 * 10 + 1 + 10 * (1 + 1),
    ],
    [
      'counts what old orders can bring, of which a batch can name one a hundred times',
      CANCEL_ORDERS('fills { fee }'),
      { o: Array.from({ length: 100 }, () => ({ id: 'one' })) },
      100 * 10 + 1 + 100 * (1 + 1 + 75 - 20),
    ],
    [
      'counts that so little for a few orders that their cancel stays free',
      CANCEL_ORDERS('fills { fee }'),
      { o: [{ id: 'one' }, { id: 'two' }, { id: 'three' }] },
      3 * (10 + 1 + 1 + 75 - 20) + 1,
    ],
    [
      'counts no more than can be sent alone for the lists of the orders of a batch',
      CANCEL_ORDERS('fills { instrument { symbol } } amends { after { quantity } }'),
      { o: Array.from({ length: 100 }, () => ({ id: 'one' })) },
      100 * 10 + 1 + 10_000,
    ],
    [
      'counts them by the commands where they bring a page each',
      `mutation ($o: [BatchOrderInput!]!) { placeOrders(input: { accountId: "a", orders: $o }) {
        ... on OrdersPlaced { results { ... on OrderAccepted { order { account {
          orders(first: 4) { edges { node { fills { fee } } } }
        } } } } }
      } }`,
      { o: Array.from({ length: 100 }, () => ({})) },
      100 * 10 + 1 + 100 * (1 + 1 + 1 + 1 + 4 * (2 + 75) - 20),
    ],
    [
      'counts canceled orders as many where they bring a page each',
      `mutation { cancelAllOrders(input: { accountId: "a" }) { ... on OrdersCanceled { orders { account {
        orders(first: 20) { edges { node { id } } }
      } } } } }`,
      {},
      10 + 1 + 1000 * (1 + 1 + 1 + 20 * 2 - 20),
    ],
    ['takes those of one request for 10', '{ rfq(id: "r") { quotes { id } } }', {}, 1 + 10],
    [
      'counts the amends, fills and prevented matches of each of several orders as many',
      '{ orders(accountId: "a", first: 5) { edges { node { amends { at } fills { fee } preventedMatches { at } } } } }',
      {},
      1 + 5 * (1 + 1 + 3 * 75),
    ],
    [
      'counts the members of each of several accounts as many, and those of one for 10',
      '{ viewer { accounts { members { role } } } account(id: "a") { members { role } } }',
      {},
      1 + 10 * (1 + 100) + 1 + 10,
    ],
    [
      'counts keys, sessions and addresses as many as a user can have',
      '{ viewer { apiKeys { id } sessions { id } withdrawalAddresses { id } } }',
      {},
      1 + 3 * 100,
    ],
    [
      'takes those of one order for 10',
      '{ order(id: "o") { amends { at } fills { fee } } }',
      {},
      21,
    ],
    [
      'counts a fragment wherever it stands',
      '{ a: instrument(symbol: "A") { ...F } b: instrument(symbol: "B") { ...F } } fragment F on Instrument { base { name } }',
      {},
      4,
    ],
    [
      'is ten more for each command',
      'mutation ($o: [BatchOrderInput!]!) { placeOrders(input: { accountId: "a", orders: $o }) { __typename } }',
      { o: [{}, {}, {}] },
      31,
    ],
    [
      'is a thousand more for each statement, in each account of a list',
      '{ viewer { accounts { a: statement { __typename } b: tradingStatement { __typename } } } }',
      {},
      1 + 10 * (1 + 2 * 1001),
    ],
    [
      'is that of a page also for its end alone',
      '{ account(id: "a") { ledgerEntries(first: 7) { pageInfo { endCursor } } memberChanges { __typename } } }',
      {},
      1 + (1 + 7) + (1 + 50),
    ],
    [
      'is more for what each point of a history was worth',
      '{ account(id: "a") { history(first: 7) { edges { node { at valuation { value } } } } } }',
      {},
      1 + 1 + 7 * (1 + (1 + 4) + (1 + 10)),
    ],
    [
      'is a thousand more for statistics of requests for quote, of an account and of the desk',
      '{ account(id: "a") { rfqStatistics { __typename } } deskRfqStatistics(symbol: "A") { __typename } }',
      {},
      1 + 1001 + 1001,
    ],
    [
      'is a hundred more for each preview of an order',
      'query ($i: PlaceOrderInput!) { a: previewOrder(input: $i) { __typename } b: previewOrder(input: $i) { __typename } }',
      {},
      202,
    ],
    [
      'is ten more for each amend',
      'mutation ($a: [BatchAmendInput!]!) { amendOrders(input: { accountId: "a", amends: $a }) { ... on AmendsAnswered { results { __typename } } } }',
      { a: [{}, {}, {}] },
      30 + 1 + 10,
    ],
    [
      'is bounded where inputs are deep',
      'mutation ($i: PlaceOrdersInput!) { placeOrders(input: $i) { __typename } }',
      { i: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown },
      11,
    ],
  ])('%s', (_name, text, variables, expected) => {
    expect(costOf(text, variables)).toBe(expected);
  });

  it('counts a list whose size is known as what it is', () => {
    const accounts = '{ viewer { accounts { balances { total } } } }';
    expect(costOf(accounts, {}, { 'Viewer.accounts': 100 })).toBe(1 + 100 * (1 + 10));
    expect(costOf(accounts, {}, { 'Viewer.accounts': 1 })).toBe(1 + 11);
    expect(costOf(accounts, {}, { 'Viewer.accounts': 0 })).toBe(1);
  });

  it('is what the schema has if that is asked for, and for one type the longest lists of any', () => {
    const types = Object.values(apiSchema.getTypeMap());
    const fields = types.map((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).length : 0,
    );
    const standard = getIntrospectionQuery();
    const { data } = graphqlSync({ schema: apiSchema, source: standard });
    expect(costOf(standard)).toBe(objectsIn(data) - 1); // without the answer itself
    expect(costOf('{ __type(name: "Asset") { fields { name } } }')).toBe(1 + Math.max(...fields));
    expect(costOf('{ ...A } fragment A on Query { a: __type(name: "A") { name } }')).toBe(1);
  });

  it('is too much for the types of all fields under several names, which fill megabytes', () => {
    const copies = Array.from({ length: 15 }, (_, at) => `a${at}: type { fields { description } }`);
    const copied = `{ __schema { types { fields { ${copies.join(' ')} } } } }`;
    expect(costOf(copied)).toBeGreaterThan(MAX_OPERATION_COST);
  });

  it('counts each further name for the texts of the schema', () => {
    const names = Array.from({ length: 15 }, (_, at) => `a${at}: description`);
    const fields = costOf('{ __schema { types { fields { description } } } }');
    const types = costOf('{ __schema { types { name } } }');
    const copied = `{ __schema { types { fields { description ${names.join(' ')} } } } }`;
    expect(costOf(copied)).toBe(types + 16 * (fields - types));
  });

  it('believes no strange size', () => {
    const page = 'query ($n: Int) { instruments(first: $n) { edges { cursor } } }';
    expect(costOf(page, { n: -1_000_000 })).toBe(1);
    expect(costOf(page, { n: '1000000' })).toBe(51);
    expect(costOf(page, { n: 1_000_000 })).toBe(1_000_001);
  });
});

/** Counts objects, without those that only wrap a type. */
function objectsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.entries(value).map(([name, each]) =>
    name === 'ofType' && each !== null ? objectsIn(each) - 1 : objectsIn(each),
  );
  const own = Array.isArray(value) ? 0 : 1;
  return inner.reduce((sum, count) => sum + count, own);
}
