import type { FormattedExecutionResult } from 'graphql';
import { textOfResult } from '../../supergraph/execution/json-text.ts';

/** One event as all subscribers of a group get it, and what a client can do without it. */
export interface Frame {
  /** The part of its `next` message that they share. */
  readonly text: string;
  /** The name of the event's type; empty if the event is only an error. */
  readonly type: string;
  /** Whether it is a full state, so that nobody needs the earlier ones. */
  readonly isState: boolean;
  /** Its position in the stream; null if its type has none. */
  readonly sequence: string | null;
  /** The cursor after which a private stream can be resumed; null if its type has none. */
  readonly cursor: string | null;
}

/** Everything outside ASCII as `\uXXXX`, so that one character is one byte on the wire. */
function escapeNonAscii(json: string): string {
  return json.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The part of a `next` message that all subscribers share: the payload, and the end of the message.
 */
export function sharedText(result: FormattedExecutionResult): string {
  return inBytes(`${escapeNonAscii(textOfResult(result))}}`);
}

/** The part before it, which contains the id that the client chose. */
export function ownText(id: string): string {
  return escapeNonAscii(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
}

/**
 * The same text with one byte per character, in one piece. A name cut from a long text with other
 * characters has two, and passes that on to every text that it becomes part of.
 */
function inBytes(ascii: string): string {
  return Buffer.from(ascii, 'latin1').toString('latin1');
}
