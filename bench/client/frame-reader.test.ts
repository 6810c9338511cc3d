import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.ts';

/** The frames of a server are cut into reads wherever the network likes; the count must not care. */
describe('frame reader', () => {
  it('counts every event and hands over every short message, however the bytes are cut', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constant(70_000)), {
      maxLength: 8,
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, cuts, (payloadSizes, cutSizes) => {
        const bytes = Buffer.concat(payloadSizes.map(textFrame));
        const seen = readInPieces(bytes, cutSizes);
        expect(seen.events).toBe(payloadSizes.filter((size) => size >= 150).length);
        expect(seen.messages).toEqual(
          payloadSizes.filter((size) => size < 150).map((size) => 'x'.repeat(size)),
        );
      }),
    );
  });

  it('hands over long messages too before events are counted', () => {
    const messages: string[] = [];
    const reader = new FrameReader({
      delivered: () => undefined,
      sampled: () => undefined,
      control: (_opcode, payload) => messages.push(payload.toString('latin1')),
    });
    const frame = textFrame(200);
    reader.read(frame.subarray(0, 100), 100);
    reader.read(frame.subarray(100), frame.length - 100);
    expect(messages).toEqual(['x'.repeat(200)]);
  });

  it('hands over a ping with its payload, to be answered', () => {
    const ping = Buffer.from([0x89, 2, 0x68, 0x69]);
    expect(readInPieces(ping, [1])).toMatchObject({ opcodes: [9], messages: ['hi'] });
  });

  it('shows where an event lies that came whole', () => {
    const payloads: string[] = [];
    const reader = new FrameReader({
      delivered: () => undefined,
      control: () => undefined,
      sampled: (chunk, start, end) => payloads.push(chunk.toString('latin1', start, end)),
    });
    reader.countsEvents = true;
    const frame = textFrame(200);
    reader.read(frame, frame.length);
    expect(payloads).toEqual(['x'.repeat(200)]);
  });
});

function textFrame(size: number): Buffer {
  const head =
    size < 126
      ? Buffer.from([0x81, size])
      : size < 65_536
        ? Buffer.from([0x81, 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([0x81, 127, 0, 0, 0, 0]), uint32(size)]);
  return Buffer.concat([head, Buffer.alloc(size, 'x')]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function readInPieces(bytes: Buffer, cuts: readonly number[]) {
  const seen = { events: 0, messages: [] as string[], opcodes: [] as number[] };
  const reader = new FrameReader({
    delivered: () => (seen.events += 1),
    sampled: () => undefined,
    control: (opcode, payload) => {
      seen.opcodes.push(opcode);
      seen.messages.push(payload.toString('latin1'));
    },
  });
  reader.countsEvents = true;
  const buffer = Buffer.alloc(512); // one for all reads, as the clients use it
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = Math.min(cuts[turn % cuts.length] ?? 1, bytes.length - at);
    bytes.copy(buffer, 0, at, at + length);
    reader.read(buffer, length);
    at += length;
  }
  return seen;
}
