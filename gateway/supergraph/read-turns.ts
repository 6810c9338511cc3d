/** Reads that cost no more never wait. As much can be asked for by a cancel that is never refused. */
const CHEAP = 200;
/** How much of one principal is read at a time; what costs more than that is read alone. */
const MOST_COST = 10_000;
/** A subgraph that has answered nothing of a principal for this long does not respond. */
const SILENT_AFTER_MS = 1000;

/** A read that is about to be sent. */
export interface CostlyRead {
  /** Whose it is. */
  readonly principal: string;
  /** Of the whole operation. */
  readonly cost: number;
  /** When it is given up, by `performance.now()`. */
  readonly endsAtMs: number;
}

/** A read that waits; told whether its turn has come, or its time is over. */
type Waiting = CostlyRead & { readonly begin: (isInTurn: boolean) => void };

/** What is read for one principal, and what waits. */
interface Line {
  costUnderWay: number;
  waiting: readonly Waiting[];
  /** When an answer came last, or the first of these reads was sent. */
  quietSinceMs: number;
}

/** The turn of a read did not come in time: nothing was asked. */
export class TurnMissedError extends Error {
  /** Whether its principal asked for too much; otherwise what was asked for has no answer. */
  readonly isTooMuch: boolean;

  constructor(isTooMuch: boolean) {
    super('Too much is being read for this principal.');
    this.name = 'TurnMissedError';
    this.isTooMuch = isTooMuch;
  }
}

/** Whether what costs this much can have to wait. */
export function takesTurns(cost: number): boolean {
  return cost > CHEAP;
}

/**
 * Bounds by cost how much of one principal is read from a subgraph at a time: the rest waits here,
 * first come, first served. A quota can be used up in one moment, and all of it would be read
 * between any two steps of everybody's commands.
 */
export class ReadTurns {
  readonly #lines = new Map<string, Line>();

  /** Reads in its turn. @throws TurnMissedError if that does not come before the read is given up */
  async run<Answer>(read: CostlyRead, work: () => Promise<Answer>): Promise<Answer> {
    if (!takesTurns(read.cost)) return work();
    const line = this.#lineOf(read.principal);
    if (line.waiting.length > 0 || !hasRoomFor(line, read)) await this.#turnOf(line, read);
    else line.costUnderWay += read.cost;
    try {
      const answer = await work();
      line.quietSinceMs = performance.now();
      return answer;
    } finally {
      line.costUnderWay -= read.cost;
      this.#goOn(line, read);
    }
  }

  #lineOf(principal: string): Line {
    const known = this.#lines.get(principal);
    if (known !== undefined) return known;
    const line = { costUnderWay: 0, waiting: [], quietSinceMs: performance.now() };
    this.#lines.set(principal, line);
    return line;
  }

  /** @throws TurnMissedError if it did not come in time */
  async #turnOf(line: Line, read: CostlyRead): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const isInTurn = await new Promise<boolean>((begin) => {
      const waiting = { ...read, begin };
      line.waiting = [...line.waiting, waiting];
      const leftMs = Math.max(0, read.endsAtMs - performance.now());
      timer = setTimeout(() => this.#giveUp(line, waiting), leftMs);
    });
    clearTimeout(timer);
    if (!isInTurn)
      throw new TurnMissedError(performance.now() - line.quietSinceMs < SILENT_AFTER_MS);
  }

  #giveUp(line: Line, waiting: Waiting): void {
    line.waiting = line.waiting.filter((each) => each !== waiting);
    waiting.begin(false);
    this.#goOn(line, waiting); // less may fit where this did not
  }

  #goOn(line: Line, { principal }: CostlyRead): void {
    for (;;) {
      const [next, ...others] = line.waiting;
      if (next === undefined || !hasRoomFor(line, next)) break;
      line.costUnderWay += next.cost;
      line.waiting = others;
      next.begin(true);
    }
    if (line.costUnderWay === 0) this.#lines.delete(principal);
  }
}

function hasRoomFor({ costUnderWay }: Line, { cost }: CostlyRead): boolean {
  return costUnderWay === 0 || costUnderWay + cost <= MOST_COST;
}
