import { MalformedFrameError } from './malformed-frame.ts';

/** JSON that keeps each number as the text that was sent. */
export type JsonText =
  string | boolean | null | readonly JsonText[] | { readonly [key: string]: JsonText };

/** No venue nests deeper; a hostile frame must not exhaust the stack. */
const MAX_DEPTH = 16;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;
const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

/**
 * Parses JSON and keeps each number as its digits, trailing zeros included. If a venue sends prices as
 * numbers, `JSON.parse` would turn them into floats, and a checksum covers every digit.
 * @throws MalformedFrameError for anything that is not JSON
 */
export function parseJsonText(text: string): JsonText {
  return new Reader(text).whole();
}

/** Parses one text from beginning to end. */
class Reader {
  readonly #text: string;
  /** The last object's keys, by position. */
  readonly #keys: string[] = [];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonText {
    const value = this.#value(0);
    this.#peek();
    if (this.#position < this.#text.length) throw this.#problem();
    return value;
  }

  #value(depth: number): JsonText {
    if (depth > MAX_DEPTH) throw this.#problem();
    const code = this.#peek();
    if (code === QUOTE) return this.#string();
    if (code === 0x7b) return this.#object(depth);
    if (code === 0x5b) return this.#array(depth);
    return code === 0x2d || isDigit(code) ? this.#number() : this.#word();
  }

  #object(depth: number): JsonText {
    const fields: Record<string, JsonText> = {};
    this.#position += 1;
    if (this.#peek() === CLOSING_BRACE) {
      this.#position += 1;
      return fields;
    }
    for (let member = 0; ; member += 1) {
      if (this.#peek() !== QUOTE) throw this.#problem();
      const key = this.#key(member);
      if (this.#peek() !== COLON) throw this.#problem();
      this.#position += 1;
      fields[key] = this.#value(depth + 1);
      if (this.#isClosed(CLOSING_BRACE)) return fields;
    }
  }

  /** Objects in a list have the same keys, so the previous object's key is tried first. */
  #key(member: number): string {
    const guess = this.#keys[member];
    const start = this.#position + 1;
    if (guess !== undefined && this.#text.startsWith(guess, start)) {
      const end = start + guess.length;
      if (this.#codeAt(end) === QUOTE) {
        this.#position = end + 1;
        return guess;
      }
    }
    const key = this.#string();
    // Assigning to it would replace the object's prototype.
    if (key === '__proto__') throw this.#problem();
    // A key with an escape is not in the text literally.
    if (this.#position - 1 - start === key.length) this.#keys[member] = key;
    return key;
  }

  #array(depth: number): JsonText {
    const values: JsonText[] = [];
    this.#position += 1;
    if (this.#peek() === CLOSING_BRACKET) {
      this.#position += 1;
      return values;
    }
    for (;;) {
      values.push(this.#value(depth + 1));
      if (this.#isClosed(CLOSING_BRACKET)) return values;
    }
  }

  /** After a member: whether it was the last one; otherwise a comma must follow. */
  #isClosed(closing: number): boolean {
    const code = this.#peek();
    if (code !== closing && code !== COMMA) throw this.#problem();
    this.#position += 1;
    return code === closing;
  }

  #string(): string {
    const start = this.#position + 1;
    let end = start;
    let isEscaped = false;
    for (let code = this.#codeAt(end); code !== QUOTE; code = this.#codeAt(end)) {
      if (Number.isNaN(code)) throw this.#problem();
      if (code === BACKSLASH) isEscaped = true;
      end += code === BACKSLASH ? 2 : 1;
    }
    this.#position = end + 1;
    return isEscaped ? this.#unescaped(start - 1, end + 1) : this.#text.slice(start, end);
  }

  #unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start, end)) as string;
    } catch {
      throw this.#problem();
    }
  }

  /** The caller that uses the number checks that it is valid. */
  #number(): string {
    const start = this.#position;
    let code = this.#codeAt(start);
    while (isDigit(code) || code === 0x2e || code === 0x2d || code === 0x2b || (code | 32) === 0x65)
      code = this.#codeAt((this.#position += 1));
    return this.#text.slice(start, this.#position);
  }

  #word(): boolean | null {
    for (const [word, value] of WORDS)
      if (this.#text.startsWith(word, this.#position)) {
        this.#position += word.length;
        return value;
      }
    throw this.#problem();
  }

  /** The next character that is not whitespace; NaN at the end. */
  #peek(): number {
    let code = this.#codeAt(this.#position);
    while (code === SPACE || (code >= 0x09 && code <= 0x0d))
      code = this.#codeAt((this.#position += 1));
    return code;
  }

  #codeAt(position: number): number {
    return this.#text.charCodeAt(position);
  }

  #problem(): MalformedFrameError {
    return new MalformedFrameError(`it is not JSON at character ${this.#position}.`);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
