import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Sweep } from './sweep.ts';

const CLIENTS = 1000;

describe('the sweep', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reaches every client once a second, and never more than a tenth of them in one turn', () => {
    const sweep = new Sweep({ now: () => Date.now() });
    const turns = Array.from({ length: CLIENTS }, (): number[] => []);
    for (const seen of turns) sweep.add({ sweep: (nowMs) => void seen.push(nowMs) });
    vi.advanceTimersByTime(3000);
    const inOneTurn = new Map<number, number>();
    for (const seen of turns) {
      expect(seen).toHaveLength(3);
      expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBe(1000);
      for (const at of seen) inOneTurn.set(at, (inOneTurn.get(at) ?? 0) + 1);
    }
    expect(Math.max(...inOneTurn.values())).toBe(CLIENTS / 10);
    sweep.stop();
  });

  it('leaves those alone that are gone', () => {
    const sweep = new Sweep({ now: () => Date.now() });
    const swept = vi.fn();
    const leave = sweep.add({ sweep: swept });
    vi.advanceTimersByTime(1000);
    leave();
    vi.advanceTimersByTime(2000);
    expect(swept).toHaveBeenCalledTimes(1);
    sweep.stop();
  });
});
