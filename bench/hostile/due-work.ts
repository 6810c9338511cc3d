/**
 * Begins a work each time it is due, whether the one before has ended or not, as clients do that know
 * nothing of each other.
 * @returns how long each took from when it was due, in milliseconds, once the last has ended
 */
export async function doWhenDue(
  work: () => Promise<void>,
  { everyMs, forMs }: { readonly everyMs: number; readonly forMs: number },
): Promise<readonly number[]> {
  const startedAt = performance.now();
  const times: Promise<number>[] = [];
  for (let dueAt = startedAt; dueAt < startedAt + forMs; dueAt += everyMs) {
    const earlyMs = dueAt - performance.now();
    if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs));
    const due = dueAt;
    times.push(work().then(() => performance.now() - due));
  }
  return Promise.all(times);
}
