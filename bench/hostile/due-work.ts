/**
 * Starts work each time it is due, even if the previous work has not ended, like independent clients.
 * @returns each duration from the due time, in milliseconds, once the last work has ended
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
