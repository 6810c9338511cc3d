interface Waiting<Work, Result> {
  readonly work: Work;
  readonly resolve: (result: Result) => void;
  readonly reject: (cause: unknown) => void;
}

/** The outcome of one piece of work of a batch. */
export type WorkResult<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly cause: unknown };

/**
 * One transaction at a time for many writers: what arrives while one commits forms the next batch.
 * A lone piece of work waits for nothing, and a busy hour needs few commits.
 */
export class GroupCommit<Work, Result> {
  readonly #commit: (batch: readonly Work[]) => Promise<readonly WorkResult<Result>[]>;
  readonly #weigh: (work: Work) => number;
  readonly #limit: number;
  readonly #mayIsolate: (cause: unknown) => boolean;
  readonly #gather: (() => Promise<unknown>) | undefined;
  #waiting: Waiting<Work, Result>[] = [];
  #running: Promise<void> | null = null;

  /**
   * @param options.commit returns its results in the order of the batch
   * @param options.limit the most weight of one batch; a heavier piece goes alone
   * @param options.mayIsolate whether what `commit` threw came from a piece's content, and
   *   nothing took effect: then each is tried again alone, so that one cannot fail the others
   * @param options.gather how long the first piece after a pause waits for company; not at all if
   *   omitted
   */
  constructor(options: {
    readonly commit: (batch: readonly Work[]) => Promise<readonly WorkResult<Result>[]>;
    readonly weigh: (work: Work) => number;
    readonly limit: number;
    readonly mayIsolate: (cause: unknown) => boolean;
    readonly gather?: () => Promise<unknown>;
  }) {
    this.#commit = options.commit;
    this.#weigh = options.weigh;
    this.#limit = options.limit;
    this.#mayIsolate = options.mayIsolate;
    this.#gather = options.gather;
  }

  /** Joins the next batch. @throws what made this piece of work fail */
  submit(work: Work): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves once nothing runs or waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#gather !== undefined) await this.#gather();
    while (this.#waiting.length > 0) await this.#settle(this.#nextBatch());
    this.#running = null;
  }

  #nextBatch(): readonly Waiting<Work, Result>[] {
    let weight = 0;
    const end = this.#waiting.findIndex(({ work }, index) => {
      weight += this.#weigh(work);
      return index > 0 && weight > this.#limit;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #settle(batch: readonly Waiting<Work, Result>[]): Promise<void> {
    try {
      const results = await this.#commit(batch.map(({ work }) => work));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result?.kind === 'done') resolve(result.result);
        else reject(result?.cause ?? new Error('Invariant: a batch lost a piece of work'));
      });
    } catch (cause) {
      if (batch.length > 1 && this.#mayIsolate(cause))
        for (const waiting of batch) await this.#settle([waiting]);
      else for (const { reject } of batch) reject(cause);
    }
  }
}
