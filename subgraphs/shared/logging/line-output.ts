import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** What waits for its reader at most, in characters; lines beyond it are lost. */
const MOST_WAITING = 1024 * 1024;
const RETRY_MS = 200;
const NOTHING = Buffer.alloc(0);

/**
 * Writes lines at once, but waits for nobody who reads them: a stopped terminal, a pager or a collector of
 * logs that hangs must not stop a process that trades. What is not read is kept, up to a limit, and written
 * later, with the number of lines that were lost.
 */
export class LineOutput {
  readonly #fd: number;
  readonly #describeLost: (lost: number) => string;
  /** What is left of the last write. */
  #rest: Buffer = NOTHING;
  #waiting = '';
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
    if (this.#waiting.length + line.length > MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting += line;
    if (this.#retry === null) this.#writeOut();
  }

  /** The last try, before the process ends. */
  end(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#writeOut();
  }

  #writeOut(): void {
    this.#retry = null;
    try {
      while (this.#hasMore()) this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
    } catch {
      // There is no room for it, or nobody there.
      this.#retry = setTimeout(() => this.#writeOut(), RETRY_MS).unref();
    }
  }

  /** Goes on with what waits once the rest is written. */
  #hasMore(): boolean {
    if (this.#rest.length > 0) return true;
    const lost = this.#lost === 0 ? '' : this.#describeLost(this.#lost);
    this.#rest = Buffer.from(this.#waiting + lost);
    this.#waiting = '';
    this.#lost = 0;
    return this.#rest.length > 0;
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
