import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { trusted, parseAccountId, parseApiKeyId, parseUserId } from '#shared/domain/ids.ts';
import type { Scope, Trader, Viewer } from '#shared/identity/viewer.ts';
import { composedQueryGraph, supergraphSdl } from '../fixtures/composed-schema.ts';
import { SubscriptionHub } from './fan-out.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';
import type { Recipient } from './hydrate-event.ts';
import { normalizeSubscription } from './normalized-subscription.ts';
import type { SourceEvent, SourceListener, SourceRequest } from './source-event-stream.ts';
import { planSubscription, type SubscriptionPlan } from './subscription-plan.ts';

const graph = composedQueryGraph();
const described = composedQueryGraph(`${supergraphSdl}\n# another version\n`);
/** The same, with another scope for the stream. */
const guarded = composedQueryGraph(
  supergraphSdl.replace(/(\bquoteChanged\((?:.|\n)*?scopes: \[\[")[a-z:]+/, '$1keys:write'),
);
const QUOTES = 'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } } }';
const QUOTES_AND_GAPS =
  'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } ... on StreamGap { reason } } }';
const QUOTES_AND_DESK = QUOTES.replace('sequence', 'quote { instrument { deskLastPrice } }');
const ORDERS = 'subscription { orderEvents(accountId: "a") { __typename } }';
const LEVELS =
  'subscription { priceLevels(accountId: "a", symbol: "A", quantities: ["1"]) { ... on PriceLevels { sequence } } }';
const BOOK = 'subscription { orderBookChanged(symbol: "A") { __typename } }';
const plans = new Map<string, SubscriptionPlan>();
function planOf(query: string): SubscriptionPlan {
  const known =
    plans.get(query) ??
    planSubscription(graph, normalizeSubscription(graph.apiSchema, parse(query), null));
  plans.set(query, known);
  return known;
}
const ANYONE: Viewer = { kind: 'anonymous', scopes: ['market:read'] };

/** The hub over sources and hydration that the test plays itself. */
function aHub(options: { holdHydration?: boolean; groupsPerPrincipal?: number } = {}) {
  const opened: { request: SourceRequest; listener: SourceListener; isOpen: boolean }[] = [];
  const hydrated: { recipient: Recipient; event: SourceEvent }[] = [];
  const held: (() => void)[] = [];
  const hub = new SubscriptionHub({
    ...options,
    lingerMs: 0,
    schedule: new FlushSchedule(),
    sources: {
      open: (request, listener) => {
        const stream = { request, listener, isOpen: true };
        opened.push(stream);
        return () => void (stream.isOpen = false);
      },
      stop: () => {},
    },
    hydrate: async (recipient, event) => {
      hydrated.push({ recipient, event });
      if (options.holdHydration) await new Promise<void>((release) => held.push(release));
      return { data: event.data ?? null };
    },
  });
  const subscribe = (query: string, viewer: Viewer = ANYONE, principal = 'somebody') => {
    const plan = planOf(query);
    const heard: unknown[] = [];
    const ends: unknown[] = [];
    const [variables = {}] = plan.subscription.variablesOfStreams({});
    const leave = hub.subscribe(
      { plan, variables, viewer, principal },
      {
        send: ({ text }) => heard.push(JSON.parse(text.slice(0, -1))),
        end: () => ends.push('end'),
        fail: (errors) => ends.push(...errors.map(({ extensions }) => extensions['code'])),
      },
    );
    return { heard, ends, leave };
  };
  const openNow = () => opened.filter(({ isOpen }) => isOpen);
  return { hub, opened, openNow, hydrated, held, subscribe };
}

const quote = (sequence: number): SourceEvent => ({
  data: { quoteChanged: { __typename: 'QuoteUpdate', sequence: `${sequence}` } },
});
const levels = (sequence: number): SourceEvent => ({
  data: { priceLevels: { __typename: 'PriceLevels', sequence: `${sequence}` } },
});
const settled = () => new Promise((resolve) => setImmediate(resolve));
const aTrader = (name: string, scopes: readonly Scope[] = ['market:read']): Trader => ({
  kind: 'trader',
  userId: trusted(parseUserId, name),
  credential: { kind: 'apiKey', keyId: trusted(parseApiKeyId, `key-${name}`) },
  scopes,
  accounts: [{ accountId: trusted(parseAccountId, 'a'), role: 'OWNER' }],
  expiresAt: null,
});

describe('the subscription hub', () => {
  it('opens one stream and resolves each event once for any number of equal subscriptions', async () => {
    const { opened, hydrated, subscribe, hub } = aHub();
    const all = Array.from({ length: 300 }, () => subscribe(QUOTES));
    opened[0]?.listener.next(quote(1));
    opened[0]?.listener.next(quote(2));
    await settled();
    expect(opened).toHaveLength(1);
    expect(hydrated).toHaveLength(2);
    for (const { heard } of all) expect(heard).toEqual([quote(1), quote(2)]);
    for (const { leave } of all) leave();
    await expect.poll(() => hub.counts).toEqual({ streams: 0, groups: 0, members: 0 });
    expect(opened[0]?.isOpen).toBe(false);
  });

  it('follows no plan of an older version', async () => {
    const { hub, opened, hydrated, subscribe } = aHub();
    subscribe(QUOTES).leave();
    hub.reload(guarded);
    expect(subscribe(QUOTES).ends).toEqual(['UNAUTHENTICATED']);
    expect(opened).toHaveLength(1);
    hub.reload(described);
    expect(subscribe(QUOTES).ends).toEqual([]);
    opened.at(-1)?.listener.next(quote(1));
    await settled();
    expect(hydrated.map(({ recipient }) => recipient.plan.graph)).toEqual([described]);
  });

  it('resolves once for each group of a shared stream, and once for a late group', async () => {
    const { opened, hydrated, subscribe } = aHub();
    subscribe(QUOTES);
    opened[0]?.listener.next(quote(1));
    await settled();
    const late = subscribe(QUOTES.replace('sequence }', 'sequence } __typename'));
    await settled();
    expect(late.heard).toEqual([quote(1)]);
    opened[0]?.listener.next(quote(2));
    await settled();
    expect(hydrated).toHaveLength(4);
    expect(opened).toHaveLength(1);
  });

  it('lets a principal begin so many streams and results, and join any number', async () => {
    const { opened, subscribe } = aHub({ groupsPerPrincipal: 3 });
    const shaped = QUOTES.replace('sequence }', 'sequence } __typename');
    const first = [subscribe(QUOTES), subscribe(shaped), subscribe(ORDERS)];
    expect(opened).toHaveLength(2);
    for (const query of [ORDERS, BOOK, shaped.replace('sequence }', 'sequence __typename }')])
      expect(subscribe(query).ends).toEqual(['RATE_LIMITED']);
    expect(opened).toHaveLength(2);
    const joined = subscribe(QUOTES);
    expect(joined.ends).toEqual([]);
    expect(subscribe(ORDERS, ANYONE, 'another').ends).toEqual([]);
    // It stays counted to whoever began it for as long as somebody is in it.
    first[0]?.leave();
    expect(subscribe(BOOK).ends).toEqual(['RATE_LIMITED']);
    joined.leave();
    const book = subscribe(BOOK);
    expect(book.ends).toEqual([]);
    opened.find(({ request }) => request.query.includes('orderEvents'))?.listener.completed();
    await settled();
    expect(first[2]?.ends).toEqual(['end']);
    first[2]?.leave(); // as its seat does
    expect(subscribe(ORDERS).ends).toEqual([]);
  });

  it('asks for what is public in its own name, and for the rest in that of the viewer', () => {
    const { opened, subscribe } = aHub();
    subscribe(QUOTES, aTrader('anna'));
    subscribe(ORDERS, aTrader('anna'));
    expect(opened.map(({ request }) => request.viewer)).toEqual([
      { kind: 'service', name: 'gateway' },
      aTrader('anna'),
    ]);
  });

  it('lets nobody wait for what another address without a credential has other subgraphs complete', async () => {
    const { opened, hydrated, subscribe } = aHub({ holdHydration: true });
    for (const address of ['a', 'b', 'b']) subscribe(QUOTES_AND_DESK, ANYONE, address);
    for (const { listener } of opened) listener.next(quote(1));
    expect([opened.length, hydrated.map(({ recipient }) => recipient.principal)]).toEqual([
      ...[1, ['a', 'b']],
    ]);
  });

  it('never shares a private stream, not even among the sockets of one viewer', () => {
    const { opened, subscribe } = aHub();
    for (const name of ['anna', 'anna', 'bob']) subscribe(ORDERS, aTrader(name));
    expect(opened).toHaveLength(3);
  });

  it('shares full states that are private among the sockets of one viewer, by all that he is', async () => {
    const { opened, hydrated, subscribe } = aHub();
    const anna = aTrader('anna', ['market:read', 'rfq:stream']);
    const viewers: readonly Viewer[] = [
      anna,
      anna,
      aTrader('bob', anna.scopes),
      { ...anna, credential: aTrader('another').credential },
      { ...anna, scopes: ['rfq:stream'] },
      { ...anna, accounts: [] },
      ANYONE,
      ANYONE,
    ];
    const all = viewers.map((viewer) => subscribe(LEVELS, viewer));
    expect(opened.map(({ request }) => request.viewer)).toEqual([...viewers.slice(1)]);
    opened[0]?.listener.next(levels(1));
    await settled();
    expect(hydrated).toHaveLength(1);
    expect(all.map(({ heard }) => heard.length)).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
    const late = subscribe(LEVELS, anna);
    expect([late.heard, opened.length]).toEqual([[levels(1)], viewers.length - 1]);
  });

  it('lets nobody without the right to market data share it: the owner refuses them', () => {
    const { opened, subscribe } = aHub();
    subscribe(QUOTES);
    subscribe(QUOTES, aTrader('bob', []));
    expect(opened.map(({ request }) => request.viewer.kind)).toEqual(['service', 'trader']);
  });

  it('keeps events in order while the rest of one is fetched', async () => {
    const { opened, held, subscribe } = aHub({ holdHydration: true });
    const { heard } = subscribe(QUOTES);
    for (const sequence of [1, 2, 3]) opened[0]?.listener.next(quote(sequence));
    for (const sequence of [1, 2, 3]) {
      expect(held).toHaveLength(sequence);
      held[sequence - 1]?.();
      await settled();
    }
    expect(heard).toEqual([quote(1), quote(2), quote(3)]);
  });

  it('opens a stream of deltas again for a joiner whom the log no longer holds', async () => {
    const { opened, openNow, subscribe } = aHub();
    const early = subscribe(BOOK);
    const wide: SourceEvent = { data: { orderBookChanged: { bids: 'x'.repeat(30_000) } } };
    for (let count = 0; count < 2; count += 1) opened[0]?.listener.next(wide);
    await settled();
    const second = subscribe(BOOK);
    expect(opened).toHaveLength(1);
    expect(second.heard).toHaveLength(2);
    opened[0]?.listener.next(wide);
    await settled();
    const third = subscribe(BOOK);
    expect(opened).toHaveLength(2);
    opened[1]?.listener.next({ data: { orderBookChanged: { snapshot: true } } });
    await settled();
    expect(third.heard).toEqual([{ data: { orderBookChanged: { snapshot: true } } }]);
    for (const { leave } of [early, second]) leave();
    await expect.poll(() => openNow().length).toBe(1);
    third.leave();
    await expect.poll(() => openNow().length).toBe(0);
  });

  it('does not let the late end of one stream remove a newer one', async () => {
    const { hub, opened, subscribe } = aHub();
    const first = subscribe(QUOTES);
    opened[0]?.listener.failed([new GraphQLError('over')]);
    const second = subscribe(QUOTES);
    opened[0]?.listener.completed();
    first.leave();
    opened[1]?.listener.next(quote(1));
    await settled();
    expect(second.heard).toEqual([quote(1)]);
    expect(hub.counts).toEqual({ streams: 1, groups: 1, members: 1 });
  });

  it('opens a lost market stream again, tells the gap to those who asked, and ends the others', async () => {
    const { opened, subscribe } = aHub();
    const told = subscribe(QUOTES_AND_GAPS);
    const untold = subscribe(QUOTES);
    for (const { listener } of [...opened]) listener.next(quote(1));
    await settled();
    for (const { listener } of [...opened]) listener.lost();
    await settled();
    const gap = { data: { quoteChanged: { __typename: 'StreamGap', reason: 'FAILOVER' } } };
    expect(told.heard.slice(1)).toEqual([gap]);
    expect(untold.ends).toEqual(['STREAM_INTERRUPTED']);
    await expect.poll(() => opened.length).toBe(3);
    // In the group that is there, and in another one of the same stream.
    const late = [QUOTES_AND_GAPS, QUOTES_AND_GAPS.replace('reason }', 'reason } __typename')].map(
      (query) => subscribe(query),
    );
    await settled();
    for (const { heard } of late) expect(heard).toEqual([gap]);
    opened[2]?.listener.next(quote(9));
    await settled();
    expect(told.heard.at(-1)).toEqual(quote(9));
    for (const { heard } of late) expect(heard).toEqual([gap, quote(9)]);
    expect(subscribe(QUOTES_AND_GAPS).heard).toEqual([quote(9)]);
  });

  it('ends a private stream that was lost, and one that never came', async () => {
    const { opened, subscribe } = aHub();
    const lost = subscribe(ORDERS, aTrader('anna'));
    opened[0]?.listener.next({ data: { orderEvents: {} } });
    opened[0]?.listener.lost();
    const never = subscribe(ORDERS, aTrader('anna'));
    opened[1]?.listener.lost();
    await settled();
    expect([lost.ends, never.ends]).toEqual([['STREAM_INTERRUPTED'], ['UNAVAILABLE']]);
  });
});
