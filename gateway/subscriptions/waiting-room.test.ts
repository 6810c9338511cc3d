// What waits while other subgraphs are asked for their fields of an event.
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import type { Viewer } from '#shared/identity/viewer.ts';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { SubscriptionHub } from './fan-out.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';
import { normalizeSubscription } from './normalized-subscription.ts';
import type { SourceEvent, SourceListener } from './source-event-stream.ts';
import { planSubscription } from './subscription-plan.ts';

const PROCESS = {};
const ROOM = 100;

const graph = composedQueryGraph();
const ORDERS =
  'subscription { orderEvents(accountId: "a") { ... on OrderEvent { order { account { name } } } } }';
/** What everybody shares, and what asks no other subgraph. */
const QUOTES = 'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } } }';
const VIEWER: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The hub over sources and other subgraphs that the test plays itself. */
function aHub() {
  const opened: SourceListener[] = [];
  const held: (() => void)[] = [];
  const hydrated: SourceEvent[] = [];
  const hub = new SubscriptionHub({
    lingerMs: 0,
    waitingBytesPerPrincipal: ROOM,
    schedule: new FlushSchedule(),
    sources: { open: (_request, listener) => (opened.push(listener), () => {}), stop: () => {} },
    hydrate: async (_recipient, event) => {
      hydrated.push(event);
      await new Promise<void>((release) => held.push(release));
      return { data: event.data ?? null };
    },
  });
  const subscribe = (principal: string, query = ORDERS) => {
    const parsed = normalizeSubscription(graph.apiSchema, parse(query), null);
    const plan = planSubscription(graph, parsed);
    const [variables = {}] = plan.subscription.variablesOfStreams({});
    const heard: unknown[] = [];
    const ends: unknown[] = [];
    const leave = hub.subscribe(
      { plan, variables, viewer: VIEWER, principal },
      {
        send: ({ text }) => heard.push(text),
        end: () => ends.push('end'),
        fail: (errors) => ends.push(...errors.map(({ extensions }) => extensions['code'])),
      },
    );
    const source = opened.at(-1) as SourceListener;
    let sequence = 0;
    const next = (bytes: number) => {
      sequence += 1;
      const root = plan.subscription.responseName;
      source.next({ data: { [root]: { sequence: `${sequence}` } } }, PROCESS, bytes);
    };
    return { heard, ends, leave, next };
  };
  const answerAll = async () => {
    await settled();
    while (held.length > 0) {
      held.shift()?.();
      await settled();
    }
  };
  return { subscribe, held, hydrated, answerAll };
}

it('is any number of events, as long as they fit: a replay brings thousands at once', async () => {
  const { subscribe, answerAll } = aHub();
  const { heard, ends, next } = subscribe('anna');
  for (let count = 0; count < 3000; count += 1) next(ROOM / 5000);
  await answerAll();
  expect([heard.length, ends]).toEqual([3000, []]);
});

it('is bounded for one principal over all its streams, and for each other one by itself', async () => {
  const { subscribe, answerAll } = aHub();
  const [first, second, other] = [subscribe('anna'), subscribe('anna'), subscribe('bert')];
  for (const { next } of [first, second, other]) next(ROOM * 0.4);
  second.next(ROOM * 0.4);
  other.next(ROOM * 0.4);
  await answerAll();
  expect([first, second, other].map(({ ends }) => ends)).toEqual([[], ['STREAM_INTERRUPTED'], []]);
  first.next(ROOM * 0.8);
  await answerAll();
  expect([first.heard.length, first.ends, other.heard.length]).toEqual([2, [], 2]);
});

it('can be one event of any size', async () => {
  const { subscribe, answerAll } = aHub();
  const { heard, ends, next } = subscribe('anna');
  for (let count = 0; count < 2; count += 1) {
    next(ROOM * 10);
    await answerAll();
  }
  expect([heard.length, ends]).toEqual([2, []]);
});

it('takes no room of a stream that asks no other subgraph: its founder has no part in what others get', async () => {
  const { subscribe, answerAll } = aHub();
  const full = subscribe('anna');
  const [founder, other] = [subscribe('anna', QUOTES), subscribe('bert', QUOTES)];
  full.next(ROOM * 2);
  founder.next(ROOM);
  await answerAll();
  const all = [full, founder, other];
  expect(all.map(({ ends }) => ends)).toEqual([[], [], []]);
  expect(all.map(({ heard }) => heard.length)).toEqual([1, 1, 1]);
});

it('is completed a few at once, and sent in order', async () => {
  const { subscribe, held, answerAll } = aHub();
  const { heard, next } = subscribe('anna');
  for (let count = 0; count < 6; count += 1) next(1);
  await settled();
  expect(held).toHaveLength(4);
  for (const release of held.splice(1).reverse()) release();
  await settled();
  expect(heard).toEqual([]);
  await answerAll();
  const sequences = heard.map((text) => /"sequence":"(\d)"/.exec(String(text))?.[1]);
  expect(sequences).toEqual(['1', '2', '3', '4', '5', '6']);
});

it('is forgotten when nobody is left to get it', async () => {
  const { subscribe, hydrated, answerAll } = aHub();
  const left = subscribe('anna');
  for (let count = 0; count < 8; count += 1) left.next(ROOM * 0.1);
  left.leave();
  const stayed = subscribe('anna');
  stayed.next(ROOM * 0.6);
  await answerAll();
  expect([stayed.heard.length, stayed.ends]).toEqual([1, []]);
  expect(hydrated.length).toBeLessThan(6); // those that were begun
});
