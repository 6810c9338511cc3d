interface Row {
  running: number;
  readonly waiting: (() => void)[];
}

/** Lets so much work of each be under way at once; the rest waits for its turn, in the order in which it came. */
export class Turns {
  readonly #atOnce: number;
  readonly #rows = new Map<string, Row>();

  /** @param atOnce how much of each */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Does work when it is its turn. @param whose the work is */
  async run<Result>(whose: string, work: () => Promise<Result>): Promise<Result> {
    const row = this.#rows.get(whose) ?? { running: 0, waiting: [] };
    this.#rows.set(whose, row);
    if (row.running < this.#atOnce) row.running += 1;
    else await new Promise<void>((begin) => row.waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = row.waiting.shift();
      if (next !== undefined)
        next(); // it takes the place
      else if ((row.running -= 1) === 0) this.#rows.delete(whose);
    }
  }
}
