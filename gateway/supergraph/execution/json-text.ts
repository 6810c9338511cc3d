/** A part of an answer as the JSON text that it is sent as. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
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
