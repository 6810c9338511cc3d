interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * One call at a time for many callers: whoever comes while a call is on its way waits, and all who
 * wait go together as the next one. An idle caller pays for one call, a busy hour for few.
 */
export class GroupCall<Request, Answer> {
  readonly #send: (requests: readonly Request[]) => Promise<readonly Answer[]>;
  readonly #limit: number;
  #waiting: Waiting<Request, Answer>[] = [];
  #running: Promise<void> | null = null;

  /**
   * @param send answers in the order of its requests; what it throws every caller of the group gets
   * @param limit the most requests of one call
   */
  constructor(
    send: (requests: readonly Request[]) => Promise<readonly Answer[]>,
    limit = Number.MAX_SAFE_INTEGER,
  ) {
    this.#send = send;
    this.#limit = limit;
  }

  /** Joins the next call. */
  call(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves once nothing is on its way or waiting. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // After the poll phase: requests that one read of the sockets brought share the first call.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#callOnce(this.#waiting.splice(0, this.#limit));
    this.#running = null;
  }

  async #callOnce(group: readonly Waiting<Request, Answer>[]): Promise<void> {
    try {
      const answers = await this.#send(group.map(({ request }) => request));
      group.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (cause) {
      for (const { reject } of group) reject(cause);
    }
  }
}
