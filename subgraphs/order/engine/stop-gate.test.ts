import { describe, expect, it } from 'vitest';
import { pauseFor } from './pause.ts';
import { StopGate } from './stop-gate.ts';

describe('stop gate', () => {
  it('lets a wait end by what it waits for', async () => {
    const gate = new StopGate();
    let arrive = () => undefined as void;
    const waited = gate.wait((done) => {
      arrive = done;
      return () => undefined;
    });
    arrive();
    await waited;
    expect(gate.isStopped).toBe(false);
  });

  it('ends thousands of waits at once, gives each up, and warns of nothing', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    const gate = new StopGate();
    let givenUp = 0;
    const waits = Array.from({ length: 2000 }, () => gate.wait(() => () => (givenUp += 1)));
    const pauses = Array.from({ length: 2000 }, () => pauseFor(3_600_000, gate));
    gate.stop();
    await Promise.all([...waits, ...pauses]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(givenUp).toBe(2000);
    expect(warnings).toEqual([]);
  });

  it('begins nothing once it has stopped', async () => {
    const gate = new StopGate();
    gate.stop();
    await gate.wait(() => {
      throw new Error('It was begun.');
    });
  });
});
