import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ClientWriter } from './client-writer.ts';
import type { FlushSchedule } from './flush-schedule.ts';
import { ownText } from './frame.ts';

/**
 * What clients are sent together is put together once for all, in memory that they share. Here random
 * clients get random messages, and each must read its own, in order, as if they were written one by one.
 */

const TEXT = 1;
const PING = 9;

/** A client whose socket can stop taking bytes; what it took too late shows what became of them. */
function aClient(ids: readonly string[]) {
  const chunks: Buffer[] = [];
  const writes: { chunk: Buffer; done: () => void }[] = [];
  const client = {
    isStuck: false,
    expected: [] as string[],
    prefixes: ids.map(ownText),
    release: () => {
      client.isStuck = false;
      for (let next = writes.shift(); next !== undefined; next = writes.shift()) {
        chunks.push(Buffer.from(next.chunk));
        next.done();
      }
    },
    frames: () => framesOf(Buffer.concat(chunks)),
  };
  const stream = new Duplex({
    highWaterMark: 1024 * 1024,
    write: (chunk: Buffer, _encoding, done: () => void) => {
      writes.push({ chunk, done });
      if (!client.isStuck) client.release();
    },
  });
  const webSocket = {
    extensions: '',
    readyState: WebSocket.OPEN,
    bufferedAmount: 0,
    send: (text: string) => stream.write(frame(TEXT, text)),
    ping: (payload: string) => stream.write(frame(PING, payload)),
  };
  const due: ClientWriter[] = [];
  const schedule = { add: (writer: ClientWriter) => due.push(writer) };
  const writer = new ClientWriter(
    webSocket as unknown as WebSocket,
    stream,
    schedule as unknown as FlushSchedule,
  );
  return Object.assign(client, {
    writer,
    flush: () => due.splice(0).forEach((one) => one.flush()),
  });
}

type Client = ReturnType<typeof aClient>;

function frame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text, 'latin1');
  const { length } = payload;
  const size =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size]), payload]);
}

function framesOf(bytes: Buffer): readonly { opcode: number; text: string }[] {
  const frames: { opcode: number; text: string }[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = bytes.readUInt8(at + 1);
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    const size =
      head === 10 ? bytes.readUInt32BE(at + 6) : head === 4 ? bytes.readUInt16BE(at + 2) : short;
    const start = at + head;
    frames.push({
      opcode: bytes.readUInt8(at) & 15,
      text: bytes.toString('latin1', start, start + size),
    });
    at = start + size;
  }
  return frames;
}

const textsOf = (client: Client) =>
  client.frames().flatMap(({ opcode, text }) => (opcode === TEXT ? [text] : []));

function append(client: Client, text: string, prefix = '', isUrgent = false): void {
  client.expected.push(prefix + text);
  client.writer.append(text, prefix, isUrgent);
}

const someText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('{"a":1}}', '{"b":"two"}}', `"${'c'.repeat(200)}"}`) },
  { weight: 1, arbitrary: fc.constantFrom('d'.repeat(17_000), 'e'.repeat(65_600)) },
);
const someId = fc.oneof(
  fc.uuid(),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constant('f'.repeat(300)),
);
const aWhich = fc.nat({ max: 5 });
/** Something that happens to all clients, or to one of them. */
type Step =
  | { readonly kind: 'turn' | 'sweep' }
  | { readonly kind: 'group'; readonly text: string; readonly prefix: number }
  | {
      readonly kind: 'alone' | 'message' | 'stick';
      readonly text: string;
      readonly client: number;
      readonly prefix: number;
      readonly isUrgent: boolean;
    };
const someSteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('group'), text: someText, prefix: aWhich }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('alone', 'message', 'stick'),
        text: someText,
        client: aWhich,
        prefix: aWhich,
        isUrgent: fc.boolean(),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('turn', 'sweep') }) },
  ),
  { maxLength: 40 },
);

function play(clients: readonly Client[], step: Step): void {
  switch (step.kind) {
    case 'turn':
      return clients.forEach(({ flush }) => flush());
    case 'sweep':
      return clients.forEach(({ writer }) => writer.sweep(0, true));
    case 'group':
      return clients.forEach((client) => append(client, step.text, prefixOf(client, step)));
    case 'alone':
      return append(
        one(clients, step),
        step.text,
        prefixOf(one(clients, step), step),
        step.isUrgent,
      );
    case 'message':
      one(clients, step).expected.push(step.text);
      return void one(clients, step).writer.send(step.text);
    case 'stick':
      if (one(clients, step).isStuck) one(clients, step).release();
      else one(clients, step).isStuck = true;
  }
}

const one = (clients: readonly Client[], { client }: { readonly client: number }) =>
  clients[client % clients.length] as Client;

const prefixOf = ({ prefixes }: Client, { prefix }: { readonly prefix: number }) =>
  prefixes[prefix % prefixes.length];

describe('the way out to clients', () => {
  it('brings each its own messages in order, whatever others are sent and whoever is stuck', () => {
    const someIds = fc.array(fc.array(someId, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(someIds, someSteps, (ids, steps) => {
        const clients = ids.map(aClient);
        for (const step of steps) play(clients, step);
        for (const client of clients) {
          client.flush();
          client.release();
          expect(textsOf(client)).toEqual(client.expected);
        }
      }),
    );
  });

  it('counts what waits for a client, until it is written', () => {
    const client = aClient(['1']);
    append(client, 'x'.repeat(100), 'own');
    append(client, 'y'.repeat(50), 'own');
    append(client, 'z', 'another');
    expect(client.writer.bytes).toBeGreaterThanOrEqual(164);
    client.flush();
    expect(client.writer.bytes).toBe(0);
  });

  it('keeps the bytes of a socket that did not take them, though others are written after it', () => {
    const clients = ['first', 'later', 'final'].map((id) => aClient([id]));
    const [stuck] = clients as [Client];
    stuck.isStuck = true;
    for (const text of ['{"a":1}}', '{"b":2}}'])
      for (const client of clients) append(client, text, client.prefixes[0]);
    for (const client of clients) client.flush();
    stuck.release();
    for (const client of clients) expect(textsOf(client)).toEqual(client.expected);
  });
});
