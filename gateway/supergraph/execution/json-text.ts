import { invariant } from '#shared/domain/invariant.ts';

const BRACE = '{'.charCodeAt(0);

/** An object of an answer as the JSON text that it is sent as. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    // What was put together piece by piece stays so until it is read: read now, it leaves no thousands
    // of pieces to be kept while the answer waits for its turn to be sent.
    invariant(text.charCodeAt(0) === BRACE, 'an object begins with a brace');
    this.text = text;
  }

  /** What it says, for whoever makes JSON of something that it is a part of. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** What a text in JSON cannot hold as it is: quotes, backslashes, controls, halves of characters. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text between quotes, as `JSON.stringify` has it. */
export function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
