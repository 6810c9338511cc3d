interface Queue {
  running: number;
  readonly waiting: (() => void)[];
}

/** Limits how much work of each key is in progress at once; the rest waits, first come first served. */
export class ConcurrencyLimits {
  readonly #most: number;
  readonly #queues = new Map<string, Queue>();

  /** @param most how much work of one key can be in progress */
  constructor(most: number) {
    this.#most = most;
  }

  /** Does work as soon as its key has room. @param key such as the principal whose work it is */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const queue = this.#queues.get(key) ?? { running: 0, waiting: [] };
    this.#queues.set(key, queue);
    if (queue.running < this.#most) queue.running += 1;
    else await new Promise<void>((begin) => queue.waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = queue.waiting.shift();
      if (next !== undefined)
        next(); // it takes the place
      else if ((queue.running -= 1) === 0) this.#queues.delete(key);
    }
  }
}
