import type { FormattedExecutionResult } from 'graphql';

/** One event as all subscribers of a group get it, and what it means to anyone who cannot take it now. */
export interface Frame {
  /** The part of its `next` message that they share. */
  readonly text: string;
  /** The name of the event's type; empty if the event is only an error. */
  readonly type: string;
  /** Whether it says all that is to be known now, so that nobody needs the ones before it. */
  readonly isState: boolean;
  /** Where it stands in its stream; null if its type has no such thing. */
  readonly sequence: string | null;
  /** Where a private stream can be resumed behind it; null if its type has no such thing. */
  readonly cursor: string | null;
}

/** Everything outside ASCII as `\uXXXX`, so that one character is one byte on the wire. */
export function escapeNonAscii(json: string): string {
  return json.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The part of a `next` message that all subscribers share: the payload, and the end of the message. */
export function sharedText(result: FormattedExecutionResult): string {
  return inBytes(`${escapeNonAscii(JSON.stringify(result))}}`);
}

/** The part before it, which differs by the id that the client chose. */
export function ownText(id: string): string {
  return escapeNonAscii(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
}

/**
 * The same text with one byte for a character, and in one piece. Names that come from a long text
 * with other characters have two, and pass that on to every text that they become part of.
 */
function inBytes(ascii: string): string {
  return Buffer.from(ascii, 'latin1').toString('latin1');
}
