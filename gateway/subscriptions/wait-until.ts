const EVERY_MS = 10;

/** Waits until a condition holds, but no longer than that. */
export async function waitUntil(isSo: () => boolean, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!isSo() && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}
