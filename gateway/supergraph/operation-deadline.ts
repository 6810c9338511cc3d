import type { GatewayContext } from '../gateway-context.ts';

/** The time of a whole operation, including its fetches one after the other. */
const QUERY_LIMIT_MS = 2000;
/** The longest that any operation runs. */
export const MUTATION_LIMIT_MS = 5000;
/** A caller with this much less time left than a call in flight was given sends its own. */
const GRACE_MS = 200;

/**
 * When an operation is given up, by `performance.now()`. A signed change is begun only while its
 * signature is fresh, also by the subgraph, which learns that time.
 */
export function deadlineOf(
  { startedAtMs, freshUntilMs }: GatewayContext,
  isMutation: boolean,
): number {
  if (!isMutation) return startedAtMs + QUERY_LIMIT_MS;
  return Math.min(startedAtMs + MUTATION_LIMIT_MS, freshUntilMs ?? Infinity);
}

/**
 * Whether a caller that waits until `endsAtMs` can join a call in flight: not if the call ends much
 * earlier.
 */
export function mayJoin(inFlight: { readonly endsAtMs: number }, endsAtMs: number): boolean {
  return inFlight.endsAtMs >= endsAtMs - GRACE_MS;
}
