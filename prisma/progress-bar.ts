import type { WriteStream } from 'node:tty';

const WIDTH = 30;
const REDRAW_MS = 100;
/** The pause between lines of progress if the output is not a terminal. */
const LINE_MS = 5000;
const PER_CENT = 100;

/** Shows the progress of a task: a bar on a terminal, a line now and then elsewhere. */
export class ProgressBar {
  readonly #title: string;
  readonly #output: Pick<WriteStream, 'write' | 'isTTY'>;
  #nextAtMs = 0;
  #isDrawn = false;

  constructor(title: string, output: Pick<WriteStream, 'write' | 'isTTY'>) {
    this.#title = title;
    this.#output = output;
  }

  /** @param share 0 to 1 */
  show(share: number, detail: string): void {
    const nowMs = performance.now();
    if (nowMs < this.#nextAtMs) return;
    const { isTTY } = this.#output;
    this.#nextAtMs = nowMs + (isTTY ? REDRAW_MS : LINE_MS);
    const full = Math.round(share * WIDTH);
    const percent = `${Math.floor(share * PER_CENT)}`.padStart(3);
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
    const text = `${this.#title} ${isTTY ? `${bar} ` : ''}${percent} % ${detail}`;
    this.#output.write(isTTY ? `\r${text}\u001b[K` : `${text}\n`);
    this.#isDrawn = isTTY;
  }

  /** Removes the bar. */
  end(): void {
    if (this.#isDrawn) this.#output.write('\r\u001b[K');
    this.#isDrawn = false;
  }
}
