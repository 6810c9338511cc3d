import { setTimeout as pause } from 'node:timers/promises';

/** The work's result, or `late` when it takes longer than that; the work goes on all the same. */
export async function within<Result>(
  limitMs: number,
  work: Promise<Result>,
): Promise<Result | 'late'> {
  const finished = new AbortController();
  const limit = pause(limitMs, 'late' as const, { signal: finished.signal });
  try {
    return await Promise.race([work, limit.catch(() => 'late' as const)]);
  } finally {
    finished.abort();
  }
}
