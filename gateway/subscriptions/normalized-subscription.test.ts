import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { normalizeSubscription } from './normalized-subscription.ts';
import { STREAM_POLICIES } from './stream-policy.ts';
import { planSubscription } from './subscription-plan.ts';

const graph = composedQueryGraph();
const normalize = (query: string, operationName?: string) =>
  normalizeSubscription(graph.apiSchema, parse(query), operationName);

describe('the table of stream policies', () => {
  it('names every field of Subscription and no other', () => {
    const fields = Object.keys(graph.apiSchema.getSubscriptionType()?.getFields() ?? {});
    expect(Object.keys(STREAM_POLICIES).sort()).toEqual(fields.sort());
  });

  it('lets all market data be shared, and so be opened again when its source was lost', () => {
    const file = new URL('../../subgraphs/market-data/schema.graphql', import.meta.url);
    const fields = parse(readFileSync(file, 'utf8')).definitions.flatMap((definition) =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === 'Subscription'
        ? (definition.fields ?? []).map(({ name }) => name.value)
        : [],
    );
    expect(fields).toContain('quoteChanged');
    expect(fields.filter((field) => STREAM_POLICIES[field]?.kind === 'private')).toEqual([]);
  });
});

describe('a normalized subscription', () => {
  it('is the same text, and one stream, however its arguments are written', () => {
    const selection = '{ ... on QuoteUpdate { sequence } }';
    const given = { list: ['A'], rate: 3, delivery: { mode: 'LATEST', maxPerSecond: 4 } };
    const all = [
      [
        '',
        `subscription { quoteChanged(symbols: ["A"], delivery: { maxPerSecond: 2 }) ${selection} }`,
      ],
      [
        'Name',
        `subscription Name($rate: Int, $list: [ID!]!) { quoteChanged(delivery: { maxPerSecond: $rate, mode: LATEST }, symbols: $list) ${selection} }`,
      ],
      [
        'Two',
        `query Other { serverTime } subscription Two($delivery: DeliveryInput) { quoteChanged(symbols: "A", delivery: $delivery) ${selection} }`,
      ],
    ].map(([name, query]) => normalize(query ?? '', name || undefined));
    expect(new Set(all.map(({ source }) => source)).size).toBe(1);
    expect(all[0]?.source).not.toContain('Name');
    for (const { variablesOfStreams } of all)
      expect(variablesOfStreams(given)).toEqual([
        { deskgraph_symbols: ['A'], deskgraph_delivery: { mode: 'LATEST', maxPerSecond: 2 } },
      ]);
  });

  it('fills in defaults, and leaves out what is not mentioned', () => {
    const { variablesOfStreams, argumentsOf, source } = normalize(
      'subscription ($depth: Int) { orderBookChanged(depth: $depth, symbol: "A") { __typename } }',
    );
    const variables = { deskgraph_symbol: 'A', deskgraph_depth: 20 };
    expect(variablesOfStreams({})).toEqual([variables]);
    expect(argumentsOf(variables)).toEqual({ symbol: 'A', depth: 20 });
    expect(source).not.toContain('priceStep');
    const short = normalize('subscription { orderBookChanged(symbol: "A") { __typename } }');
    expect(short.source).not.toContain('depth');
    expect(short.variablesOfStreams({})).toEqual([{ deskgraph_symbol: 'A' }]);
    expect(short.argumentsOf({ deskgraph_symbol: 'A' })).toEqual({ symbol: 'A', depth: 20 });
    expect(() => variablesOfStreams({ depth: null })).toThrow('must not be null');
  });

  it('leaves a rate that its owner will refuse as it is', () => {
    const { variablesOfStreams } = normalize(
      'subscription ($rate: Int) { quoteChanged(symbols: "A", delivery: { maxPerSecond: $rate }) { __typename } }',
    );
    for (const rate of [0, 51, null])
      expect(variablesOfStreams({ rate })).toMatchObject([
        { deskgraph_delivery: { maxPerSecond: rate } },
      ]);
  });

  it('is one stream for each entry of the list, once each, and keeps the other variables', () => {
    const { variablesOfStreams } = normalize(
      'subscription ($symbols: [ID!]!, $more: Boolean!) { quoteChanged(symbols: $symbols) { __typename @include(if: $more) } }',
    );
    expect(variablesOfStreams({ symbols: ['A', 'B', 'A'], more: true })).toEqual([
      { deskgraph_symbols: ['A'], more: true },
      { deskgraph_symbols: ['B'], more: true },
    ]);
  });

  it('leaves a list that its owner will refuse as it is', () => {
    const { variablesOfStreams } = normalize(
      'subscription ($symbols: [ID!]!) { quoteChanged(symbols: $symbols) { __typename } }',
    );
    const many = Array.from({ length: 51 }, (_, index) => `S${index}`);
    expect(variablesOfStreams({ symbols: [] })).toEqual([{ deskgraph_symbols: [] }]);
    expect(variablesOfStreams({ symbols: many })).toEqual([{ deskgraph_symbols: many }]);
  });

  it('keeps a variable that a fragment still uses', () => {
    const { source } = normalize(
      'subscription ($symbols: [ID!]!, $more: Boolean!) { quoteChanged(symbols: $symbols) { ...F } } fragment F on QuoteUpdate { sequence conflated @include(if: $more) }',
    );
    expect(source).toContain('($deskgraph_symbols: [ID!]!, $more: Boolean!)');
  });
});

describe('a subscription plan', () => {
  const plan = (query: string) => planSubscription(graph, normalize(query));

  it('is public when everything in it is market data', () => {
    expect(
      plan(
        'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { quote { instrument { base { name } } } } } }',
      ),
    ).toMatchObject({
      isStreamPublic: true,
      isResultPublic: true,
      subgraph: 'market-data',
    });
  });

  it('is private when the events are, whatever is added to them', () => {
    const made = plan(
      'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { instrument { quote { bidPrice } } } } } }',
    );
    expect(made).toMatchObject({ isStreamPublic: false, isResultPublic: false, subgraph: 'order' });
    expect(made.hasFetches).toBe(true);
  });

  it('asks its owner the same for documents that differ only in what others add', () => {
    const base =
      'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { id instrument { symbol';
    const primary = (query: string) => plan(query).primary.operation;
    const first = primary(`${base} quote { bidPrice } } } } } }`);
    expect(first).toBe(primary(`${base} quote { askPrice } } } } } }`));
  });

  it('asks for the type of an event also where the client does not', () => {
    expect(
      plan('subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } } }')
        .primary.operation,
    ).toContain('__typename');
  });
});
