import type { FormattedExecutionResult } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';

const BRACE = '{'.charCodeAt(0);

/** An object of an answer as the JSON text that is sent. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    // A string built piece by piece keeps its pieces until it is read: read now, it does not keep
    // thousands of them while the answer waits to be sent.
    invariant(text.charCodeAt(0) === BRACE, 'an object begins with a brace');
    this.text = text;
  }

  /** The text, for callers that make JSON of something it is a part of. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** A result as JSON; data that is already text is not parsed again. */
export function textOfResult(result: FormattedExecutionResult): string {
  const { errors, data, extensions } = result as Readonly<Record<string, unknown>>;
  if (!(data instanceof JsonText)) return JSON.stringify(result);
  const before = errors === undefined ? '' : `"errors":${JSON.stringify(errors)},`;
  const behind = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{${before}"data":${data.text}${behind}}`;
}

/** Characters that JSON must escape: quotes, backslashes, controls, halves of surrogate pairs. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text in quotes, as `JSON.stringify` writes it. */
export function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
