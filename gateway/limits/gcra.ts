/** How much can be used in a window, at once or spread over it; it is replenished evenly. */
export interface Allowance {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * The state of one principal, by the generic cell rate algorithm: when everything it used will have
 * been replenished, in microseconds of the clock of its store. Whole numbers, so that Redis and we
 * calculate alike.
 */
export interface Level {
  readonly isAdmitted: boolean;
  readonly emptyAtUs: number;
  readonly nowUs: number;
}

/** The use of an allowance as shown to a client. */
export interface Usage {
  readonly used: number;
  readonly remaining: number;
  /** After how long everything will have been replenished, in milliseconds. */
  readonly resetMs: number;
}

/** How long it takes to replenish this much. */
export function microsecondsOf({ limit, windowMs }: Allowance, cost: number): number {
  return Math.ceil((cost * windowMs * 1000) / limit);
}

/**
 * Uses up a cost, unless it is more than there is. Over any time no more is admitted than the limit
 * and what was replenished.
 * @param emptyAtUs the last state; null for a new principal
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
  const resetMs = Math.max(0, Math.ceil((emptyAtUs - nowUs) / 1000));
  return { used, remaining: limit - used, resetMs };
}

/** After how long the same cost would be admitted. */
export function retryAfterMs(allowance: Allowance, cost: number, level: Level): number {
  const fullUs = level.nowUs + allowance.windowMs * 1000;
  const overUs = level.emptyAtUs + microsecondsOf(allowance, cost) - fullUs;
  return Math.max(0, Math.ceil(overUs / 1000));
}
