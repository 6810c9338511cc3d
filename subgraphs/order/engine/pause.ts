import type { StopGate } from './stop-gate.ts';

/** Waits this many milliseconds, or until it stops. */
export type Pause = (ms: number, stopping: StopGate) => Promise<void>;

/** By the machine's clock. */
export const pauseFor: Pause = (ms, stopping) =>
  stopping.wait((done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
