// The ids of operations, on a socket that the test plays.
import { PassThrough } from 'node:stream';
import { WebSocket } from 'ws';
import { beforeEach, describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { Connection } from './connection.ts';
import { NewDocuments } from '../limits/new-documents.ts';
import { PlanningTime } from '../limits/planning-time.ts';
import { Places } from './connection-limits.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';
import { graphqlProtocol, type ProtocolOptions } from './graphql-protocol.ts';
import { JsonText } from '../supergraph/execution/json-text.ts';
import { SubscriptionPreparer } from './prepare-subscription.ts';

const graph = composedQueryGraph();
const QUOTES = 'subscription { quoteChanged(symbols: ["A"]) { __typename } }';

/** How many subscriptions are live. */
let live: number;
/** What went past the library. */
let written: string[];
let sent: { readonly type: string; readonly id?: string }[];
/** Let an operation be charged that waits for it. */
let charges: (() => void)[];
let say: (message: object) => Promise<void>;
let close: () => Promise<void>;
let planning: PlanningTime;
let connection: Connection;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function options(): ProtocolOptions {
  planning = new PlanningTime({ now: () => 0 });
  const parts = {
    path: '/graphql',
    authenticator: {
      authenticate: () => Promise.resolve({ kind: 'anonymous', scopes: ['market:read'] }),
    },
    queryGraph: () => graph,
    socketsPerViewer: new Places(10),
    clock: { now: () => 0 },
    preparer: new SubscriptionPreparer(() => graph, {
      rules: [],
      shownMessage: String,
      planning,
    }),
    documents: new NewDocuments(planning, () => false),
    offenses: { note: () => undefined },
    persisted: { resolve: (given: unknown) => given },
    charges: {
      charge: () =>
        new Promise((resolve) => charges.push(() => resolve({ kind: 'unlimited', cost: 1 }))),
    },
    // Its text is not as anything of ours would write it.
    apollo: {
      executeOperation: () => {
        const singleResult = { data: new JsonText('{ "serverTime": "now" }') };
        return Promise.resolve({ body: { kind: 'single', singleResult } });
      },
    },
    hub: {
      subscribe: () => {
        live += 1;
        return () => void (live -= 1);
      },
    },
    report: () => undefined,
  };
  return parts as unknown as ProtocolOptions;
}

beforeEach(async () => {
  live = 0;
  sent = [];
  written = [];
  charges = [];
  const webSocket = new WebSocket(null as never, undefined, {});
  const origin = { address: '192.0.2.1', userAgent: null };
  connection = new Connection(
    webSocket,
    { stream: new PassThrough(), origin },
    new FlushSchedule(),
  );
  connection.writer.send = (text) => void written.push(text);
  let hear: (message: string) => Promise<void> = () => Promise.resolve();
  const closed = graphqlProtocol(options()).opened(
    {
      protocol: 'graphql-transport-ws',
      send: (text) => void sent.push(JSON.parse(text) as never),
      close: () => undefined,
      onMessage: (listener) => (hear = listener),
    },
    connection,
  );
  say = (message) => hear(JSON.stringify(message));
  close = () => closed(1000, '');
  await say({ type: 'connection_init' });
  sent = [];
});

const subscribe = (id: string, query = QUOTES) =>
  say({ type: 'subscribe', id, payload: { query } });

describe('an operation', () => {
  it('that was ended while it was prepared does not begin under the id of the next one', async () => {
    const first = subscribe('1');
    await settled();
    await say({ type: 'complete', id: '1' });
    await subscribe('1');
    expect(sent).toMatchObject([{ type: 'error', id: '1' }]);
    charges.shift()?.();
    await first;
    expect(live).toBe(0);
    void subscribe('1');
    await settled();
    charges.shift()?.();
    await settled();
    expect(live).toBe(1);
    await close();
    expect(live).toBe(0);
  });

  it('begins, and ends with its socket', async () => {
    void subscribe('1');
    await settled();
    charges.shift()?.();
    await settled();
    expect(live).toBe(1);
    await close();
    expect(live).toBe(0);
  });

  it('ends, or does not begin, once its credential has ended', async () => {
    connection.writer.close = () => undefined;
    for (const id of ['1', '2']) void subscribe(id);
    await settled();
    charges.shift()?.();
    await settled();
    expect(live).toBe(1);
    connection.revoke('Credential ended');
    expect(live).toBe(0);
    charges.shift()?.();
    await settled();
    expect([live, sent]).toEqual([0, []]);
  });

  it('is answered with the text of its data as it is', async () => {
    await subscribe('1', '{ serverTime }');
    expect(written).toEqual([
      '{"id":"1","type":"next","payload":{"data":{ "serverTime": "now" }}}',
    ]);
    expect(sent).toEqual([{ id: '1', type: 'complete' }]);
  });

  it('is not answered if its client has ended it meanwhile', async () => {
    const asked = subscribe('1', '{ serverTime }');
    await say({ type: 'complete', id: '1' });
    await asked;
    expect([written, sent]).toEqual([[], []]);
  });

  it('has an id of at most 512 characters, since every message repeats it', async () => {
    void subscribe('x'.repeat(513));
    void subscribe('x'.repeat(512));
    await settled();
    expect(sent).toMatchObject([{ type: 'error', id: 'x'.repeat(513) }]);
    expect(charges).toHaveLength(1);
  });

  it('whose text is new is read in a turn of the event loop of its own, if its client has time left', async () => {
    const anew = (name: string) => QUOTES.replace('__typename', `${name}: __typename`);
    void subscribe('1');
    await settled();
    expect(charges).toHaveLength(1);
    for (const id of ['a', 'b', 'c', 'd']) void subscribe(id, anew(id));
    void subscribe('2'); // it is known
    const counts: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await settled();
      counts.push(charges.length);
    }
    expect(counts).toEqual([3, 4, 5]);
    planning.count('address:192.0.2.1', 10_000);
    await expect.poll(() => sent).toMatchObject([{ type: 'error', id: 'd' }]);
    void subscribe('3');
    await settled();
    expect(charges).toHaveLength(6);
  });
});
