/** Reads that cost no more never wait. As much can be asked for by a cancel that is never refused. */
const CHEAP = 200;
/** How much of one principal is read at a time; what costs more than that is read alone. */
const MOST_COST = 10_000;

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

/** The turn of a read did not come in time: nothing was asked. */
export class TurnMissedError extends Error {
  constructor() {
    super('Too much is being read for this principal.');
    this.name = 'TurnMissedError';
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
  readonly #costUnderWay = new Map<string, number>();
  readonly #waiting = new Map<string, readonly Waiting[]>();

  /** Reads in its turn. @throws TurnMissedError if that does not come before the read is given up */
  async run<Answer>(read: CostlyRead, work: () => Promise<Answer>): Promise<Answer> {
    if (!takesTurns(read.cost)) return work();
    const { principal } = read;
    if (this.#waiting.has(principal) || !this.#hasRoomFor(read)) {
      if (!(await this.#turnOf(read))) throw new TurnMissedError();
    } else this.#take(read);
    try {
      return await work();
    } finally {
      this.#release(read);
      this.#beginNext(principal);
    }
  }

  #hasRoomFor({ principal, cost }: CostlyRead): boolean {
    const underWay = this.#costUnderWay.get(principal) ?? 0;
    return underWay === 0 || underWay + cost <= MOST_COST;
  }

  #take({ principal, cost }: CostlyRead): void {
    this.#costUnderWay.set(principal, (this.#costUnderWay.get(principal) ?? 0) + cost);
  }

  #release({ principal, cost }: CostlyRead): void {
    const left = (this.#costUnderWay.get(principal) ?? 0) - cost;
    if (left > 0) this.#costUnderWay.set(principal, left);
    else this.#costUnderWay.delete(principal);
  }

  /** @returns false if it did not come in time */
  async #turnOf(read: CostlyRead): Promise<boolean> {
    const { principal, endsAtMs } = read;
    let timer: NodeJS.Timeout | undefined;
    const isInTurn = await new Promise<boolean>((begin) => {
      const waiting = { ...read, begin };
      this.#keep(principal, [...this.#of(principal), waiting]);
      timer = setTimeout(() => this.#giveUp(waiting), endsAtMs - performance.now());
    });
    clearTimeout(timer);
    return isInTurn;
  }

  #giveUp(waiting: Waiting): void {
    const { principal } = waiting;
    this.#keep(
      principal,
      this.#of(principal).filter((each) => each !== waiting),
    );
    waiting.begin(false);
    this.#beginNext(principal); // less may fit where this did not
  }

  #beginNext(principal: string): void {
    const waiting = this.#of(principal);
    const [next, ...others] = waiting;
    if (next === undefined || !this.#hasRoomFor(next)) return;
    this.#take(next);
    this.#keep(principal, others);
    next.begin(true);
    this.#beginNext(principal);
  }

  #of(principal: string): readonly Waiting[] {
    return this.#waiting.get(principal) ?? [];
  }

  #keep(principal: string, waiting: readonly Waiting[]): void {
    if (waiting.length > 0) this.#waiting.set(principal, waiting);
    else this.#waiting.delete(principal);
  }
}
