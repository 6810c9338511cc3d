import { parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readExamples } from '../explorer/examples.ts';
import { composedQueryGraph, supergraphSdl } from '../fixtures/composed-schema.ts';
import {
  MAX_TOKENS,
  MAX_VALIDATION_ERRORS,
  REQUIRED_NAMES,
  validationRules,
} from './validation-rules.ts';

const { apiSchema } = composedQueryGraph();

function refusals(query: string, introspection = false): readonly string[] {
  const rules = [...specifiedRules, ...validationRules({ introspection })];
  const document = parse(query, { maxTokens: MAX_TOKENS });
  return validate(apiSchema, document, rules, { maxErrors: MAX_VALIDATION_ERRORS }).map(
    ({ message }) => message,
  );
}

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

/** A dozen fragments, each using the next one twice: small to send, enormous to plan. */
/** Each level spreads the next one twice. */
const fragmentBomb = (levels: number) =>
  `{ viewer { accounts { ...F0 } } } ${repeat(
    levels,
    (i) =>
      `fragment F${i} on Account { orders { edges { node { account { ...F${i + 1} } } } } o2: orders { edges { node { account { ...F${i + 1} } } } } }`,
  )} fragment F${levels} on Account { id }`;
const FRAGMENT_BOMB = fragmentBomb(12);

/** The least that some work took of nine times, in microseconds of the processor. */
function shortestTime(work: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const startedAt = process.cpuUsage(); // which does not count what others do meanwhile
    work();
    const { user, system } = process.cpuUsage(startedAt);
    return user + system;
  });
  return Math.min(...times);
}

describe('the limits of a document', () => {
  it.each([
    [
      'too deep',
      `{ viewer { accounts ${repeat(4, () => '{ orders { edges { node { account ')} { id } ${'} } } } '.repeat(4)} } }`,
      'The query is too deep.',
    ],
    [
      '101 aliases of anything',
      `{ ${repeat(101, (i) => `alias${i}: __typename`)} }`,
      'The query has too many aliases.',
    ],
    [
      'one alias of 1001 characters',
      `{ instruments { edges { node { ${'a'.repeat(1001)}: symbol } } } }`,
      'The aliases of the query are too long.',
    ],
    [
      'ten aliases of 101 characters in fragments',
      `{ ...F ...F } fragment F on Query { ${repeat(5, (i) => `a${i}${'x'.repeat(99)}: serverTime`)} }`,
      'The aliases of the query are too long.',
    ],
    [
      'one directive in 100 spreads',
      `{ ${repeat(100, () => '...F @include(if: true)')} } fragment F on Query { serverTime }`,
      'The query has too many directives.',
    ],
    [
      'directives multiplied by spreads',
      `{ ${repeat(20, () => '...F')} } fragment F on Query { serverTime @skip(if: false) ...G } fragment G on Query { __typename @skip(if: false) ${repeat(2, () => '__typename @skip(if: false)')} }`,
      'The query has too many directives.',
    ],
    [
      'one field 500 times',
      `{ ${repeat(480, () => '__typename')} }`,
      'The query has too many fields.',
    ],
    [
      'too many fields far down',
      `{ viewer { accounts { orders { edges { node { account { orders { edges { node { account { ${repeat(280, () => 'id')} } } } } } } } } } } }`,
      'The query is too complex.',
    ],
    [
      'the variable of the planner',
      'query ($representations: ID!) { instrument(symbol: $representations) { symbol } }',
      'The variable name "representations" is reserved.',
    ],
    [
      'an alias that the gateway uses itself',
      'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { deskgraph_sequence: previousSequence } } }',
      'The alias "deskgraph_sequence" is reserved.',
    ],
    [
      'another field under a name that a field of another subgraph requires',
      '{ account(id: "a") { positions { unrealizedPnl instrument: symbol } } }',
      'The alias "instrument" is reserved.',
    ],
    [
      'other balances under the name of those that an account is valued with',
      '{ account(id: "a") { valuation { value } balancesToValue: balances(at: "2026-01-01T00:00:00Z") { total } } }',
      'The alias "balancesToValue" is reserved.',
    ],
    [
      'another field under the name of the key by which another subgraph is asked',
      '{ account(id: "a") { id: name valuation { value } } }',
      'The alias "id" is reserved.',
    ],
    [
      'another field under the name of the type',
      '{ viewer { __typename: id } }',
      'The alias "__typename" is reserved.',
    ],
    [
      'a statement with every event of a stream',
      'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { account { statement { __typename } } } } } }',
      'A subscription cannot select Account.statement.',
    ],
    [
      'a statement with every event, by a fragment',
      'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { account { ...F } } } } } fragment F on Account { s: tradingStatement { __typename } }',
      'A subscription cannot select Account.tradingStatement.',
    ],
    [
      'statistics with every event of a stream',
      'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { account { rfqStatistics { __typename } } } } } }',
      'A subscription cannot select Account.rfqStatistics.',
    ],
    [
      'a page with every event of a stream',
      'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { account { ledgerEntries { edges { cursor } } } } } } }',
      'A subscription cannot select Account.ledgerEntries.',
    ],
    [
      'a page of what is public with every event, by a fragment',
      'subscription { quoteChanged(symbols: ["A"]) { ...F } } fragment F on QuoteUpdate { quote { instrument { candles(interval: ONE_DAY, first: 1) { edges { cursor } } } } }',
      'A subscription cannot select Instrument.candles.',
    ],
    [
      'a book with every quote',
      'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { quote { instrument { orderBook(depth: 1000) { sequence } } } } } }',
      'A subscription cannot select Instrument.orderBook.',
    ],
    [
      'a list of a stream under a second name',
      'subscription { orderEvents(accountId: "a") { ...F ... on OrderSnapshot { more: openOrders { id } } } } fragment F on OrderSnapshot { openOrders { id } }',
      'A subscription can select OrderSnapshot.openOrders under one name only.',
    ],
    [
      'a condition on a stream',
      'subscription { quoteChanged(symbols: ["A"]) @include(if: true) { __typename } }',
      'The root field of a subscription cannot have directives.',
    ],
  ])('refuse %s', (_, query, message) => {
    expect(refusals(query)).toContain(message);
  });

  it('allow the type under its own name, and under the aliases of Relay', () => {
    expect(refusals('{ viewer { __typename: __typename __isNode: __typename __id: id } }')).toEqual(
      [],
    );
  });

  it('allow a stream of books of some depth, objects without pages in its events, and a list in two parts', () => {
    for (const query of [
      'subscription { orderEvents(accountId: "a") { ... on OrderSnapshot { mine: openOrders { id } } ...F } } fragment F on OrderSnapshot { mine: openOrders { status } }',
      'subscription { orderBookChanged(symbol: "A", depth: 100) { ... on OrderBookSnapshot { book { bids { price } } } } }',
      'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { fills { price } account { name positions { quantity } } instrument { quote { askPrice } } } } } }',
    ])
      expect(refusals(query)).toEqual([]);
  });

  it('judge what is beside a stream as if it were alone, and its fragments as a part of it', () => {
    const stream = 'subscription S { orderEvents(accountId: "a") { ...O ...F } }';
    const large =
      'now: balances { total } all: balances { total } orders(first: 9) { edges { cursor } }';
    const beside = `query Q { account(id: "a") { ...A } } fragment A on Account { ${large} }`;
    const own = 'fragment O on OrderSnapshot { openOrders { id } }';
    const event = (more: string) => `fragment F on OrderEvent { order { id ${more} } }`;
    expect(refusals(`${stream} ${beside} ${own} ${event('')}`)).toEqual([]);
    expect(refusals(`${stream} ${beside} ${own} ${event('account { ...A }')}`)).toEqual([
      'A subscription cannot select Account.orders.',
      'A subscription can select Account.balances under one name only.',
    ]);
  });

  it('judge each stream of a document by itself, with the fragments that it shares with others', () => {
    const streams = (name: string, also: string) =>
      `subscription A { orderEvents(accountId: "a") { ...F ... on OrderSnapshot { ${name} { id } } } }
       subscription B { orderEvents(accountId: "a") { ...F ... on OrderSnapshot { ${also} { id } } } }
       fragment F on OrderSnapshot { sequence fills { id } }`;
    expect(refusals(streams('mine: openOrders', 'openOrders'))).toEqual([]);
    expect(refusals(streams('openOrders', 'more: fills'))).toEqual([
      'A subscription can select OrderSnapshot.fills under one name only.',
    ]);
  });

  it('refuse a fragment bomb in a time that does not double with each level', () => {
    const shortest = (levels: number) => {
      expect(refusals(fragmentBomb(levels)).length).toBeGreaterThan(0);
      return shortestTime(() => refusals(fragmentBomb(levels)));
    };
    shortest(6); // once for the compiler
    // Twice as many levels; followed to the end it would be 64 times the work.
    expect(shortest(12)).toBeLessThan(16 * shortest(6));
  });

  it('check the most fields that overlap, of all that may be read, in the time of some dashboards', () => {
    const overlapping = (fragments: number, fields: number) =>
      `{ ${repeat(fragments, () => `...on Query { viewer { ${repeat(fields, () => 'id')} } }`)} }`;
    const shortest = (query: string) => shortestTime(() => refusals(query));
    const [dashboard = { query: '' }] = readExamples();
    const worst = [
      overlapping(110, 1),
      overlapping(62, 8),
      overlapping(20, 41),
      overlapping(1, 980),
    ];
    expect(Math.max(...worst.map(shortest))).toBeLessThan(100 * shortest(dashboard.query));
  });

  it('take no account of the size of a page, which operations are charged for', () => {
    const leaves =
      'id clientOrderId symbol side status quantity filledQuantity limitPrice createdAt';
    const page = (first: string) =>
      `query ($n: Int!) { instruments(first: $n) { pageInfo { endCursor } } viewer { accounts { orders(first: ${first}) { ...Page } } } } fragment Page on OrderConnection { edges { node { ${leaves} fills { price } } } }`;
    for (const first of ['$n', '1', '250', '1000000']) expect(refusals(page(first))).toEqual([]);
  });

  it('refuse circles of fragments and do not follow them', () => {
    const query =
      '{ viewer { accounts { ...A } } } fragment A on Account { id ...B } fragment B on Account { ...A }';
    expect(refusals(query)).toEqual([expect.stringContaining('Cannot spread fragment')]);
  });

  it('refuse introspection if it is off, under the code that Apollo Server gives too', () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Account") { name } }',
    ]) {
      expect(refusals(query)).toEqual(['Introspection is disabled.']);
      expect(refusals(query, true)).toEqual([]);
    }
  });

  it('tell at most three errors and that there are more', () => {
    expect(refusals(`{ ${repeat(40, (i) => `nothing${i}`)} }`)).toHaveLength(
      MAX_VALIDATION_ERRORS + 1,
    );
  });

  it('reserve the name of every field that another subgraph requires, and of keys that several have', () => {
    const names = supergraphSdl.split(/^type /m).flatMap((type) => {
      const keys = [...type.matchAll(/join__type\(graph: \w+, key: "(\w+)"/g)];
      const required = [...type.matchAll(/requires: "(\w+)/g)];
      const all = [...(keys.length > 1 ? keys : []), ...required];
      return all.map(([, name]) => `${/^\w+/.exec(type)?.[0]}.${name}`);
    });
    const reserved = Object.entries(REQUIRED_NAMES).flatMap(([type, own]) =>
      own.map((name) => `${type}.${name}`),
    );
    expect(reserved).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(expect.arrayContaining(['Position.instrument', 'Account.id']));
  });

  it('tell no limit', () => {
    for (const message of refusals(FRAGMENT_BOMB)) expect(message).not.toMatch(/\d/);
  });

  it.each(readExamples().map(({ name, query }) => [name, query]))(
    'allow the example %s',
    (_, query) => {
      expect(refusals(query)).toEqual([]);
    },
  );
});
