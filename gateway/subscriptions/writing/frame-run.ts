import { FrameTemplate } from './frame-template.ts';
import { textFrame } from './web-socket-frame.ts';

/** Clients with a longer own part share no bytes. */
const MAX_PREFIX_LENGTH = 256;
/**
 * Bytes are kept for this many lengths of own parts; a client with yet another length shares none.
 */
const MAX_TEMPLATES = 4;

/**
 * Messages that are written together, without the clients' own parts, in order. Clients that are
 * sent the same get the very same run, so that its bytes are put together once for all of them. A
 * prefix is the beginning of each message of one client.
 */
export class FrameRun {
  readonly #before: FrameRun | null;
  readonly #text: string;
  readonly #count: number;
  readonly #textBytes: number;
  /** The run that was last made from this one. */
  #next: FrameRun | null = null;
  readonly #templates: FrameTemplate[] = [];
  /** Whether a second client used it. */
  #isShared = false;

  private constructor(before: FrameRun | null, text: string) {
    this.#before = before;
    this.#text = text;
    this.#count = before === null ? 1 : before.#count + 1;
    this.#textBytes = before === null ? text.length : before.#textBytes + text.length;
  }

  /** A run of one message. @param text ASCII */
  static of(text: string): FrameRun {
    return (lastBegun = FrameRun.#again(lastBegun, text) ?? new FrameRun(null, text));
  }

  /** This run and one more message. @param text ASCII */
  and(text: string): FrameRun {
    return (this.#next = FrameRun.#again(this.#next, text) ?? new FrameRun(this, text));
  }

  /** The length of its messages with that prefix, without their headers. */
  bytesWith(prefix: string): number {
    return this.#textBytes + this.#count * prefix.length;
  }

  /** Its frames for one client, each character a byte. */
  framesWith(prefix: string): string {
    return this.#texts().reduce((frames, text) => frames + textFrame(prefix + text), '');
  }

  /** Its frames without prefixes of that length; null if sharing them is not worth it. */
  templateFor(prefixLength: number): FrameTemplate | null {
    for (const template of this.#templates)
      if (template.prefixLength === prefixLength) return template;
    if (!this.#isShared || prefixLength > MAX_PREFIX_LENGTH) return null;
    if (this.#templates.length === MAX_TEMPLATES) return null;
    const template = new FrameTemplate(this.#texts(), prefixLength);
    this.#templates.push(template);
    return template;
  }

  /** The run itself, for one more client, if that is its last message. */
  static #again(run: FrameRun | null, text: string): FrameRun | null {
    if (run === null || run.#text !== text) return null;
    run.#isShared = true;
    return run;
  }

  #texts(): readonly string[] {
    const texts = [this.#text];
    for (let run = this.#before; run !== null; run = run.#before) texts.push(run.#text);
    return texts.reverse();
  }
}

/** All clients of a group begin with the same message, one after the other. */
let lastBegun: FrameRun | null = null;
