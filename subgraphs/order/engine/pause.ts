import { setTimeout } from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** By the machine's clock. */
export const pauseFor: Pause = (ms, signal) =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);
