import type { Dispatcher } from 'undici';

/** What is sent, and how long to wait for the answer. */
export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** A complete answer. */
export interface PostAnswer {
  readonly statusCode: number;
  readonly text: string;
}

/** The time for a call was over. */
export class PostTimeoutError extends Error {
  /** Whether any of it was sent; otherwise it waited for a connection all the time. */
  readonly wasSent: boolean;

  constructor(timeoutMs: number, wasSent: boolean) {
    super(`No answer came within ${timeoutMs} ms.`);
    this.name = 'PostTimeoutError';
    this.wasSent = wasSent;
  }
}

/** There was no connection for a call, so that nothing of it was sent. */
export class PostUnsentError extends Error {
  constructor(cause: Error) {
    super('There was no connection.', { cause });
    this.name = 'PostUnsentError';
  }
}

/**
 * Sends one request and reads its answer as text. It uses what is below undici's `request`, without
 * a stream and an abort signal for each call: together they cost more than the call itself.
 * @throws PostTimeoutError if there is no answer in time; the connection is then closed as well
 * @throws PostUnsentError if there is no connection
 * @throws Error if the answer broke off
 */
export function post(dispatcher: Dispatcher, request: Post): Promise<PostAnswer> {
  const { path, headers, body, timeoutMs } = request;
  return new Promise((resolve, reject) => {
    const call = new PostCall(timeoutMs, resolve, reject);
    dispatcher.dispatch({ path, method: 'POST', headers, body }, call);
  });
}

/** A timer that fires this late shows that the process was busy. */
const BUSY_MS = 100;

class PostCall implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: PostAnswer) => void;
  readonly #reject: (cause: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #statusCode = 0;
  #isOver = false;
  #timeout: PostTimeoutError | null = null;

  constructor(
    timeoutMs: number,
    resolve: (answer: PostAnswer) => void,
    reject: (cause: Error) => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    const dueAtMs = performance.now() + timeoutMs;
    this.#timer = setTimeout(() => {
      const wasBusy = performance.now() - dueAtMs > BUSY_MS;
      // An answer that arrived meanwhile is read before the time counts as over.
      if (wasBusy) setImmediate(() => this.#giveUp(timeoutMs));
      else this.#giveUp(timeoutMs);
    }, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection until nobody waited for it.
    if (this.#timeout !== null) controller.abort(this.#timeout);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.#statusCode = statusCode;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    const [first] = this.#chunks;
    const bytes =
      first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#resolve({ statusCode: this.#statusCode, text: bytes.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#reject(this.#wasSent ? cause : new PostUnsentError(cause));
  }

  /** The controller is handed over just before the first byte is written. */
  get #wasSent(): boolean {
    return this.#controller !== null;
  }

  #giveUp(timeoutMs: number): void {
    if (this.#isOver) return;
    this.#timeout = new PostTimeoutError(timeoutMs, this.#wasSent);
    this.#reject(this.#timeout);
    this.#controller?.abort(this.#timeout);
  }
}
