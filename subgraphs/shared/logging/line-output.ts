import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** What waits for its reader at most, in characters; lines beyond it are lost. */
const MOST_WAITING = 1024 * 1024;
const RETRY_MS = 200;
/** How long a process that ends waits for a reader to make room, and how long it sleeps in between. */
const LAST_WAIT_MS = 1000;
const LAST_RETRY_MS = 10;
const NOTHING = Buffer.alloc(0);

/**
 * Writes lines at once, but waits for nobody who reads them: a stopped terminal, a pager or a collector of
 * logs that hangs must not stop a process that trades. What is not read is kept, up to a limit, and written
 * later, with the number of lines that were lost.
 */
export class LineOutput {
  readonly #fd: number;
  readonly #describeLost: (lost: number) => string;
  /** What is left of a line that was written in part. */
  #rest: Buffer = NOTHING;
  readonly #lines: string[] = [];
  /** Characters in the lines. */
  #waiting = 0;
  #lost = 0;
  #retry: NodeJS.Timeout | null = null;

  /**
   * @param fd where to; a socket is waited for all the same, and so is what another user may not open
   * @param describeLost the line that says how many were lost
   */
  constructor(fd: number, describeLost: (lost: number) => string) {
    this.#fd = withoutWaiting(fd);
    this.#describeLost = describeLost;
  }

  /** Adds a line, with its end. */
  write(line: string): void {
    if (this.#waiting + line.length > MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length;
    if (this.#retry === null) this.#writeOut();
  }

  /** Before the process ends: its last lines say why, so a reader that is only slow is waited for a moment. */
  end(): void {
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    const endMs = performance.now() + LAST_WAIT_MS;
    while (this.#writeOut() === 'full' && performance.now() < endMs)
      Atomics.wait(sleeper, 0, 0, LAST_RETRY_MS);
  }

  #writeOut(): 'done' | 'full' | 'failed' {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    try {
      while (this.#hasMore()) this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
      return 'done';
    } catch (cause) {
      this.#retry = setTimeout(() => this.#writeOut(), RETRY_MS).unref();
      return cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN'
        ? 'full'
        : 'failed';
    }
  }

  /** Each line is a write of its own: of other processes that write to the same pipe none comes into it. */
  #hasMore(): boolean {
    if (this.#rest.length > 0) return true;
    const line = this.#lines.shift();
    this.#waiting -= line?.length ?? 0;
    this.#rest = Buffer.from(line ?? this.#lostLine());
    return this.#rest.length > 0;
  }

  #lostLine(): string {
    if (this.#lost === 0) return '';
    const line = this.#describeLost(this.#lost);
    this.#lost = 0;
    return line;
  }
}

/**
 * The same place, opened once more: whether a write waits is then no matter of the other programs that
 * have the descriptor, such as a shell. The descriptor itself where there is no such place.
 */
function withoutWaiting(fd: number): number {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    // A file never makes anybody wait, and two places in one would write over each other's lines.
    if (fstatSync(fd).isFile()) return fd;
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return fd;
  }
}
