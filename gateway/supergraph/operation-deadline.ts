import type { GatewayContext } from '../gateway-context.ts';

/** What an operation may take in all, its fetches one after the other included. */
const QUERY_LIMIT_MS = 2000;
/** The longest that any operation runs. */
export const MUTATION_LIMIT_MS = 5000;
/** Who has this much less time left than something in flight was begun with asks by itself. */
const GRACE_MS = 200;

/**
 * When an operation is given up, by `performance.now()`. A change that was signed is begun while that is
 * fresh, also by the subgraph, which learns of the end.
 */
export function deadlineOf(
  { startedAtMs, freshUntilMs }: GatewayContext,
  isMutation: boolean,
): number {
  if (!isMutation) return startedAtMs + QUERY_LIMIT_MS;
  return Math.min(startedAtMs + MUTATION_LIMIT_MS, freshUntilMs ?? Infinity);
}

/** Whether who waits until `endsAtMs` may wait for what is in flight: not where it ends much earlier. */
export function mayJoin(inFlight: { readonly endsAtMs: number }, endsAtMs: number): boolean {
  return inFlight.endsAtMs >= endsAtMs - GRACE_MS;
}
