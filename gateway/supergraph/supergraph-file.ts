import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { messageOf } from '#shared/domain/message-of.ts';
import type { Logger } from '#shared/logging/logger.ts';

/**
 * How often the file is checked. Checking works wherever the file is and however it is replaced
 * (written in place, renamed over, a link that changes); watching does not.
 */
const LOOK_MS = 500;

/** The file that the supergraph is read from, now and whenever it changes. */
export class SupergraphFile {
  readonly #path: string | URL;
  readonly #logger: Logger;
  /** Distinguishes the state that was read last from others. */
  #read = '';
  #seen = '';
  /** The state that was last reported as rejected, if none was taken since. */
  #rejected = '';
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(path: string | URL, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /**
   * Reads it for the first time.
   * @param use makes something of the text
   * @throws Error that names the file if it cannot be read or used
   */
  async begin<Result>(use: (text: string) => Result): Promise<Result> {
    try {
      return use(await this.#text());
    } catch (cause) {
      throw new Error(`The supergraph in ${this.#path} cannot be used: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  async #text(): Promise<string> {
    // State and text of one file, whatever takes its place meanwhile. The state first: what is
    // written while it is read shows as a change.
    const file = await open(this.#path);
    try {
      const state = stateOf(await file.stat({ bigint: true }));
      const text = await file.readFile('utf8');
      this.#read = state;
      return text;
    } finally {
      await file.close();
    }
  }

  /**
   * Hands over the text when the file has changed and then stayed the same for a moment, so that
   * nothing is read while it is written.
   * @param take makes a version the current one; what it throws is logged, and the version is
   *   skipped
   * @returns a function that ends this
   */
  watch(take: (text: string) => Promise<void>): () => void {
    const look = async () => {
      await this.#look(take).catch((cause: unknown) => this.#complain(cause));
      if (this.#isStopped) return;
      this.#timer = setTimeout(() => void look(), LOOK_MS).unref();
    };
    this.#timer = setTimeout(() => void look(), LOOK_MS).unref();
    return () => {
      this.#isStopped = true;
      clearTimeout(this.#timer);
    };
  }

  /** Once for each state: one that cannot be read is tried again and again. */
  #complain(cause: unknown): void {
    if (this.#rejected === this.#seen) return;
    this.#rejected = this.#seen;
    this.#logger.error(
      { err: cause },
      'a changed supergraph was rejected; the previous one remains in force',
    );
  }

  async #look(take: (text: string) => Promise<void>): Promise<void> {
    // While it is being replaced there may be no file for a moment.
    const state = await stat(this.#path, { bigint: true }).then(stateOf, () => this.#read);
    const isSettled = state === this.#seen;
    this.#seen = state;
    if (!isSettled || state === this.#read) return;
    const text = await this.#text();
    if (this.#isStopped) return;
    await take(text);
    this.#rejected = '';
    this.#logger.info('a changed supergraph is in force');
  }
}

function stateOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs}`;
}
