import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { LeakyBuckets } from '#shared/domain/leaky-buckets.ts';
import { type DomainError, rateLimited } from '#shared/graphql/domain-error.ts';
import { retryAfter } from './charge-refusal.ts';

/** Of a processor's time, the documents of one principal can take one part in this many. */
const PARTS = 5;
/** And as much at once, in milliseconds: after a start all that a dashboard asks for is new. */
const BURST_MS = 5000;
/** The principals that are known: addresses among them, which anyone can have many of. */
const MAX_PRINCIPALS = 10_000;

/**
 * Bounds the time of a processor in which new documents of one principal are read and planned. That
 * takes milliseconds whatever their operations cost, and whether they are valid: a page of no entries
 * is planned like any other, and a document with its values in the text is new each time.
 */
export class PlanningTime {
  readonly #taken = new LeakyBuckets<string>(MAX_PRINCIPALS);
  readonly #clock: Clock;
  /** Until when time was counted, of the processor's: no part of it counts twice. */
  #countedUntilMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** After how long one more document of a principal can be planned, in milliseconds; 0 if now. */
  waitMs(principal: string): number {
    const levelMs = this.#taken.levelMs(principal, steadyNow(this.#clock));
    return Math.max(0, Math.ceil(levelMs - BURST_MS * PARTS));
  }

  /** Plans a document, and counts how long a processor was busy with it. */
  spend<Planned>(principal: string, plan: () => Planned): Planned {
    const end = this.begin(principal);
    try {
      return plan();
    } finally {
      end();
    }
  }

  /**
   * Begins to count how long a processor is busy with a document. Another's that is counted in
   * between is not counted again.
   * @returns ends it
   */
  begin(principal: string): () => void {
    const begunAtMs = processorMs();
    return () => {
      const nowMs = processorMs();
      this.count(principal, nowMs - Math.max(begunAtMs, this.#countedUntilMs));
      this.#countedUntilMs = nowMs;
    };
  }

  /** Counts what a document has taken, in milliseconds. */
  count(principal: string, takenMs: number): void {
    this.#taken.pour(principal, takenMs * PARTS, steadyNow(this.#clock));
  }
}

/** How long a processor has been busy with this process, in milliseconds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Why a new document is refused, in the error's extensions. */
export const TOO_MUCH_PLANNED = 'TOO_MUCH_PLANNED';

/** The refusal of a new document. @param retryAfterMs after how long it can be planned */
export function tooMuchPlanned(retryAfterMs: number): DomainError {
  const message = `Your operations are new too often: put values into variables, or wait ${retryAfterMs} ms.`;
  const http = { status: 429, headers: retryAfter(retryAfterMs) };
  return rateLimited(message, { reason: TOO_MUCH_PLANNED, retryAfterMs, http });
}
