import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlushSchedule } from './flush-schedule.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Something whose flush takes a while, by the clock of the test. */
function aSocket(tookMs = 0) {
  const socket = {
    flushes: 0,
    flush: () => {
      socket.flushes += 1;
      if (tookMs > 0) vi.advanceTimersByTime(tookMs);
    },
  };
  return socket;
}

/** Plays turns in which a stream has two frames, and writing takes this long. */
function playBusyTurns(schedule: FlushSchedule, turns: number, tookMs: number): void {
  for (let turn = 0; turn < turns; turn += 1) {
    schedule.add(aSocket(tookMs), false);
    schedule.noteRepetition();
    vi.advanceTimersByTime(100);
  }
}

describe('the flush schedule', () => {
  it('writes after the events of this turn while idle, each socket once', () => {
    const schedule = new FlushSchedule();
    const sockets = [aSocket(), aSocket(), aSocket()];
    for (const socket of sockets) schedule.add(socket, false);
    expect(sockets.map(({ flushes }) => flushes)).toEqual([0, 0, 0]);
    vi.advanceTimersByTime(0);
    expect(sockets.map(({ flushes }) => flushes)).toEqual([1, 1, 1]);
    expect(schedule.turn).toBe(1);
  });

  it('waits for a tick when events come faster than they are written, up to 50 ms', () => {
    const schedule = new FlushSchedule();
    playBusyTurns(schedule, 1, 3);
    expect(schedule.tickMs).toBe(5);
    playBusyTurns(schedule, 9, 60);
    expect(schedule.tickMs).toBe(50);
    const socket = aSocket();
    schedule.add(aSocket(10), false);
    vi.advanceTimersByTime(11);
    schedule.add(socket, false);
    vi.advanceTimersByTime(20);
    expect(socket.flushes).toBe(0);
    vi.advanceTimersByTime(30);
    expect(socket.flushes).toBe(1);
  });

  it('does not let what is urgent wait for the tick', () => {
    const schedule = new FlushSchedule();
    playBusyTurns(schedule, 10, 60);
    schedule.add(aSocket(10), false);
    vi.advanceTimersByTime(11);
    const [urgent, patient] = [aSocket(), aSocket()];
    schedule.add(urgent, true);
    schedule.add(patient, false);
    vi.advanceTimersByTime(1);
    expect([urgent.flushes, patient.flushes]).toEqual([1, 0]);
  });

  it('stays without a tick for long writes of one frame each: waiting would save nothing', () => {
    const schedule = new FlushSchedule();
    for (let turn = 0; turn < 20; turn += 1) {
      schedule.add(aSocket(20), false);
      vi.advanceTimersByTime(30);
    }
    expect(schedule.tickMs).toBe(0);
  });

  it('is idle again after ten quiet turns', () => {
    const schedule = new FlushSchedule();
    playBusyTurns(schedule, 10, 60);
    for (let turn = 0; turn < 10; turn += 1) {
      schedule.add(aSocket(), false);
      vi.advanceTimersByTime(60);
    }
    expect(schedule.tickMs).toBe(0);
  });

  it('lets others have a turn within a long flush', () => {
    const schedule = new FlushSchedule();
    const order: string[] = [];
    const flush = () => {
      if (order.push('socket') !== 16) return;
      setImmediate(() => order.push('other'));
      vi.advanceTimersByTime(5);
    };
    for (let count = 0; count < 64; count += 1) schedule.add({ flush }, false);
    vi.runAllTimers();
    expect(order.indexOf('other')).toBe(16);
    expect(order).toHaveLength(65);
  });

  it('writes last to those who will answer, all others in order', () => {
    const schedule = new FlushSchedule();
    const order: number[] = [];
    for (let count = 0; count < 100; count += 1)
      schedule.add({ isAsking: count % 4 === 0, flush: () => order.push(count) }, false);
    vi.runAllTimers();
    expect(order.map((count) => count % 4 === 0)).toEqual(
      Array.from({ length: 100 }, (_, index) => index >= 75),
    );
    const [first = 0] = order;
    const inTurn = (counts: readonly number[]) =>
      counts.toSorted((a, b) => ((a - first + 100) % 100) - ((b - first + 100) % 100));
    expect(order.slice(0, 75)).toEqual(inTurn(order.slice(0, 75)));
  });
});
