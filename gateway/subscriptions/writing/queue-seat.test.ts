import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Backlog } from './backlog.ts';
import type { Frame } from './frame.ts';
import type { Member } from '../group.ts';
import type { ClientWriter } from './client-writer.ts';
import { QueueSeat } from './queue-seat.ts';

/** A private seat at a client that is behind. */
function aSeat() {
  const written: string[] = [];
  const failures: unknown[] = [];
  const ends: string[] = [];
  const backlog = new Backlog();
  const sink = { isBehind: false, backlog, append: (text: string) => written.push(text) };
  const seat = new QueueSeat(
    {
      sink: sink as unknown as ClientWriter,
      prefix: '',
      stream: { join: () => () => {}, gapText: () => Promise.resolve(null) },
      onConflated: () => {},
      onEnd: () => ends.push('end'),
      onFail: (errors) => {
        failures.push(...errors.map(({ extensions }) => extensions));
        seat.close();
      },
    },
    'end',
  );
  seat.open();
  return { seat, sink, backlog, written, failures, ends };
}

const frame = (sequence: number): Frame => ({
  text: `${sequence}`,
  type: 'OrderEvent',
  isState: false,
  sequence: `${sequence}`,
  cursor: `cursor ${sequence}`,
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('a private place in a stream', () => {
  it('waits ten seconds for its client, and then ends behind the last event that went out', () => {
    const { seat, sink, backlog, written, failures } = aSeat();
    seat.send(frame(1));
    sink.isBehind = true;
    const startedAtMs = performance.now();
    seat.send(frame(2));
    backlog.wait(startedAtMs + 9_900);
    expect(failures).toEqual([]);
    backlog.wait(startedAtMs + 10_500);
    expect(failures).toEqual([{ code: 'SLOW_CONSUMER', retryable: true, cursor: 'cursor 1' }]);
    expect(written).toEqual(['1']);
    expect(backlog.bytes).toBe(0);
  });

  it('goes on for a client that reads slowly, while no single event waits for ten seconds', () => {
    const { seat, sink, backlog, written, failures } = aSeat();
    sink.isBehind = true;
    seat.send(frame(1));
    vi.advanceTimersByTime(6000);
    seat.send(frame(2));
    sink.append = (text) => {
      sink.isBehind = true;
      return written.push(text);
    };
    sink.isBehind = false;
    backlog.resume(() => !sink.isBehind);
    expect(written).toEqual(['1']);
    vi.advanceTimersByTime(6000);
    backlog.wait(performance.now());
    expect(failures).toEqual([]);
    vi.advanceTimersByTime(4500);
    backlog.wait(performance.now());
    expect(failures).toMatchObject([{ code: 'SLOW_CONSUMER', cursor: 'cursor 1' }]);
  });

  it('ends behind what waits when its stream ends', () => {
    const { seat, sink, backlog, written, ends } = aSeat();
    sink.isBehind = true;
    for (const sequence of [1, 2]) seat.send(frame(sequence));
    seat.end();
    expect(ends).toEqual([]);
    backlog.resume(() => true);
    expect(ends).toEqual([]);
    sink.isBehind = false;
    backlog.resume(() => true);
    expect([written, ends]).toEqual([['1', '2'], ['end']]);
    expect(backlog.bytes).toBe(0);
  });

  it('holds what is larger than all that may wait, if it comes alone', () => {
    const { seat, sink, backlog, written, failures } = aSeat();
    const snapshot = { ...frame(1), text: 'x'.repeat(3 * 1024 * 1024) };
    sink.isBehind = true;
    seat.send(snapshot);
    expect([failures, backlog.bytes]).toEqual([[], snapshot.text.length]);
    const held: number[] = [];
    sink.append = (text) => {
      held.push(backlog.bytes); // what is written now counts once
      return written.push(text);
    };
    sink.isBehind = false;
    backlog.resume(() => true);
    expect(written).toEqual([snapshot.text]);
    expect(held).toEqual([0]);
    sink.isBehind = true;
    for (const text of [frame(2), snapshot]) seat.send(text);
    expect(failures).toMatchObject([{ code: 'SLOW_CONSUMER', cursor: 'cursor 1' }]);
  });

  it('writes what waited before anything newer', () => {
    const { seat, sink, backlog, written } = aSeat();
    sink.isBehind = true;
    for (const sequence of [1, 2]) seat.send(frame(sequence));
    sink.isBehind = false;
    seat.send(frame(3));
    expect(written).toEqual([]);
    backlog.resume(() => true);
    seat.send(frame(4));
    expect(written).toEqual(['1', '2', '3', '4']);
    expect(backlog.bytes).toBe(0);
  });
});

describe('a place in a market stream', () => {
  it('is in its stream once, also if there is no room for what the stream begins with', async () => {
    const written: string[] = [];
    const backlog = new Backlog();
    const sink = { isBehind: true, backlog, append: (text: string) => written.push(text) };
    const wide = { ...frame(1), text: 'x'.repeat(60_000) };
    let places = 0;
    const join = (member: Member) => {
      places += 1;
      member.send(wide);
      return () => void (places -= 1);
    };
    const seat = new QueueSeat(
      {
        sink: sink as unknown as ClientWriter,
        prefix: '',
        stream: { join, gapText: () => Promise.resolve('gap') },
        onConflated: () => {},
        onEnd: () => {},
        onFail: () => {},
      },
      'restart',
    );
    backlog.hold(1_000_000, Infinity); // what waits of other streams
    seat.open();
    expect(places).toBe(0);
    backlog.release(1_000_000);
    sink.isBehind = false;
    backlog.resume(() => true);
    await expect.poll(() => written).toEqual(['gap', wide.text]);
    expect(places).toBe(1);
    seat.close();
    expect(places).toBe(0);
  });
});
