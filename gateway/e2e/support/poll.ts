const EVERY_MS = 20;

/**
 * Waits until a condition holds.
 * @throws Error if it does not within the limit; whatever the condition throws ends the wait too
 */
export async function poll(condition: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`The condition did not hold within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
