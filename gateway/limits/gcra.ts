/** How much may be used in a window, at once or spread over it; what was used comes back evenly. */
export interface Allowance {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * The state of one principal, by the generic cell rate algorithm: when all that it used will have come
 * back, in microseconds since the epoch. Whole numbers, so that Redis and we calculate alike.
 */
export interface Level {
  readonly isAdmitted: boolean;
  readonly emptyAtUs: number;
  readonly nowUs: number;
}

/** What of an allowance is used, as a client is told it. */
export interface Usage {
  readonly used: number;
  readonly remaining: number;
  /** When everything will have come back, in milliseconds since the epoch. */
  readonly resetAtMs: number;
}

/** How long it takes until this much has come back. */
export function microsecondsOf({ limit, windowMs }: Allowance, cost: number): number {
  return Math.ceil((cost * windowMs * 1000) / limit);
}

/**
 * Uses something up, unless that is more than there is. Over any time no more is admitted than the
 * limit and what came back meanwhile.
 * @param emptyAtUs as it was left; null for one that was never seen
 * @param isForced always admitted, and uses up as much as there is
 */
export function take(
  allowance: Allowance,
  cost: number,
  { emptyAtUs, nowUs, isForced }: { emptyAtUs: number | null; nowUs: number; isForced: boolean },
): Level {
  const full = nowUs + allowance.windowMs * 1000;
  // Nothing is used up for longer than that, but for a clock that was set back.
  const isBelieved = emptyAtUs !== null && emptyAtUs <= full;
  const from = isBelieved ? Math.max(emptyAtUs, nowUs) : nowUs;
  const next = from + microsecondsOf(allowance, cost);
  if (next <= full) return { isAdmitted: true, emptyAtUs: next, nowUs };
  return { isAdmitted: isForced, emptyAtUs: isForced ? Math.max(from, full) : from, nowUs };
}

/** What a level means. */
export function usageOf({ limit, windowMs }: Allowance, { emptyAtUs, nowUs }: Level): Usage {
  const used = Math.min(limit, Math.ceil(((emptyAtUs - nowUs) * limit) / (windowMs * 1000)));
  return { used, remaining: limit - used, resetAtMs: Math.ceil(emptyAtUs / 1000) };
}

/** After how long the same cost would be admitted. */
export function retryAfterMs(allowance: Allowance, cost: number, level: Level): number {
  const fullUs = level.nowUs + allowance.windowMs * 1000;
  const overUs = level.emptyAtUs + microsecondsOf(allowance, cost) - fullUs;
  return Math.max(0, Math.ceil(overUs / 1000));
}
