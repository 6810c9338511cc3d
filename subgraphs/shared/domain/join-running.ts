/**
 * The same work, of which one run at a time is under way: those who ask meanwhile get its result, so that
 * nobody makes work by asking without pause.
 */
export function joinRunning<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | null = null;
  return () =>
    (running ??= work().finally(() => {
      running = null;
    }));
}
