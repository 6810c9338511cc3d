/**
 * Asserts what must be true by our own construction, in production too.
 * @throws Error beginning with `Invariant:`; it is a bug of ours, never the caller's fault
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant: ${message}`);
}

/** Closes a switch: a new member of the union fails compilation here. */
export function assertNever(value: never, where: string): never {
  throw new Error(`Invariant: ${where} met an unknown member`, { cause: value });
}
