import type { FormattedExecutionResult } from 'graphql';
import type { Sink } from 'graphql-ws';

/**
 * Queues every message of one subscription, so that a scenario waits for what it expects and never
 * sleeps. With `frames` (the default) a message is the value of the one subscription field and an
 * `errors` result is a failure; with `answers` it is the whole result.
 */
export class StreamReader<Message> {
  readonly #messages: Message[] = [];
  readonly #unsubscribe: () => void;
  #waiting: (() => void) | null = null;
  #failure: unknown = null;
  #isComplete = false;

  constructor(
    start: (sink: Sink<FormattedExecutionResult<Record<string, unknown>, unknown>>) => () => void,
    mode: 'frames' | 'answers' = 'frames',
  ) {
    this.#unsubscribe = start({
      next: (result) => {
        if (mode === 'answers') this.#messages.push(result as Message);
        else if (result.errors !== undefined || !result.data) this.#failure = result.errors;
        else this.#messages.push(Object.values(result.data)[0] as Message);
        this.#wake();
      },
      error: (cause) => {
        this.#failure = cause;
        this.#wake();
      },
      complete: () => {
        this.#isComplete = true;
        this.#wake();
      },
    });
  }

  /** The next message. @throws the subscription's error, or when it ends before one comes */
  async next(timeoutMs = 30_000): Promise<Message> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#failure !== null)
        throw new Error(`The subscription failed: ${JSON.stringify(this.#failure)}`);
      if (this.#isComplete) throw new Error('The subscription ended.');
      await this.#untilSomethingComes(deadline - Date.now());
    }
  }

  /** The first message that satisfies `condition`; those before it are dropped. */
  async nextWhere(condition: (message: Message) => boolean, timeoutMs = 30_000): Promise<Message> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const message = await this.next(deadline - Date.now());
      if (condition(message)) return message;
    }
  }

  /** The next message that is no heartbeat: those come by the clock, on a slow machine between any two. */
  nextChange(this: StreamReader<Message & { readonly __typename: string }>): Promise<Message> {
    return this.nextWhere(({ __typename }) => __typename !== 'StreamHeartbeat');
  }

  /** The error with which the subscription ends. */
  async failure(
    timeoutMs = 30_000,
  ): Promise<readonly { extensions?: Record<string, unknown>; message?: string }[]> {
    const deadline = Date.now() + timeoutMs;
    while (this.#failure === null) {
      if (this.#isComplete) throw new Error('The subscription ended without an error.');
      await this.#untilSomethingComes(deadline - Date.now());
    }
    return this.#failure as readonly { extensions?: Record<string, unknown> }[];
  }

  /** Leaves the stream. */
  close(): void {
    this.#unsubscribe();
  }

  async #untilSomethingComes(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('Nothing came in time.')), Math.max(withinMs, 0));
    });
    const woken = new Promise<void>((resolve) => (this.#waiting = resolve));
    await Promise.race([woken, timeout]).finally(() => clearTimeout(timer));
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = null;
  }
}
