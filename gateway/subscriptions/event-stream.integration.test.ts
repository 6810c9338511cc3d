// One stream over a real connection whose client reads only when it is told to.
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Waiting } from './writing/backlog.ts';
import { EventStream, NEXT_EVENT } from './event-stream.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';

const IDENTITY = {
  credential: { kind: 'none' },
  viewer: { kind: 'anonymous', scopes: [] },
} as const;
const FRAME = `${NEXT_EVENT}{"data":"${'x'.repeat(10_000)}"}}`;
const MIB = 1024 * 1024;

const server = createServer();
let response: ServerResponse;
let client: IncomingMessage;
let stream: EventStream;
let received: string;
beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  stream = new EventStream(response, IDENTITY, new FlushSchedule());
  [client] = (await once(asked, 'response')) as [IncomingMessage];
  client.on('error', () => {});
  received = '';
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const read = () => client.on('data', (chunk: Buffer) => (received += chunk.toString()));

/** Writes until the stream says that its client is behind. @returns how many frames that took */
async function fill(): Promise<number> {
  for (let count = 0; count < 10_000; count += 1) {
    if (stream.isBehind) return count;
    stream.append(FRAME);
    await nextTurn();
  }
  throw new Error('The client never fell behind.');
}

/** Lets the stream carry a subscription. @returns how often that was left */
function subscribe(): { readonly left: () => number } {
  let left = 0;
  const iterator = {
    next: () => new Promise<never>(() => {}),
    return: () => Promise.resolve({ value: undefined, done: true as const, left: (left += 1) }),
  };
  stream.follow(iterator, () => []);
  return { left: () => left };
}

describe('an event stream whose client does not read', () => {
  it('says so, holding little, and goes on when it reads', async () => {
    const resumed: Waiting = { resume: () => stream.append(FRAME), wait: () => {} };
    const frames = await fill();
    expect(response.writableLength).toBeLessThan(MIB);
    stream.backlog.add(resumed);
    read();
    await expect.poll(() => stream.isBehind).toBe(false);
    stream.complete();
    await once(client, 'end');
    expect(received.split('event: next\n')).toHaveLength(1 + frames + 1);
    expect(received.endsWith('event: complete\ndata: \n\n')).toBe(true);
  });

  it('is cut off after a minute', async () => {
    await fill();
    stream.sweep(performance.now() + 50_000, Date.now());
    expect(response.destroyed).toBe(false);
    stream.sweep(performance.now() + 61_000, Date.now());
    expect(response.destroyed).toBe(true);
  });

  it('is cut off 2 s after its end, which was not read either', async () => {
    subscribe();
    await fill();
    const closed = once(response, 'close');
    stream.revoke('Credential ended');
    expect(response.destroyed).toBe(false);
    await closed;
    expect(response.destroyed).toBe(true);
  });

  it('is sent all of a long answer, however long it takes to read', async () => {
    const last = { data: { text: 'x'.repeat(16 * MIB) } };
    stream.complete(last);
    for (let part = 0; part < 3; part += 1) {
      await once(client, 'readable');
      received += String(client.read(MIB / 16));
      stream.sweep(performance.now() + 61_000, Date.now());
    }
    read();
    await once(client, 'end');
    expect(received.length).toBeGreaterThan(16 * MIB);
    expect(received.endsWith('event: complete\ndata: \n\n')).toBe(true);
  });
});

describe('a quiet event stream', () => {
  it('carries a comment now and then, and none while there are events', async () => {
    read();
    await expect.poll(() => received).toBe(':\n\n');
    stream.append(`${NEXT_EVENT}{}}`);
    await nextTurn();
    stream.sweep(performance.now() + 11_000, Date.now());
    await expect.poll(() => received).toBe(':\n\nevent: next\ndata: {}\n\n');
    stream.sweep(performance.now() + 13_000, Date.now());
    await expect.poll(() => received).toBe(':\n\nevent: next\ndata: {}\n\n:\n\n');
  });

  it('leaves what it follows when its client leaves, even if that was before', async () => {
    const { left } = subscribe();
    client.destroy();
    await expect.poll(left).toBe(1);
    expect(subscribe().left()).toBe(1);
  });
});

describe('an event stream whose credential ends', () => {
  const REFUSED = '"errors":[{"message":"Credential ended."';
  const ANSWER = { data: { placeOrder: { __typename: 'OrderAccepted' } } };

  it('before the answer to a command still carries that, which says what was done', async () => {
    read();
    stream.revoke('Credential ended');
    stream.complete(ANSWER);
    await once(client, 'end');
    expect(received).toContain(JSON.stringify(ANSWER));
    expect(received).not.toContain(REFUSED);
  });

  it('before or after its subscription begins carries that no more', async () => {
    read();
    stream.revoke('Credential ended');
    expect(subscribe().left()).toBeGreaterThan(0);
    await once(client, 'end');
    expect(received).toContain(REFUSED);
  });
});
