import type { FormattedExecutionResult } from 'graphql';

/** Everything outside ASCII as `\uXXXX`, so that one character is one byte on the wire. */
export function escapeNonAscii(json: string): string {
  return json.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The part of a `next` message that all subscribers share: the payload, and the end of the message. */
export function sharedText(result: FormattedExecutionResult): string {
  return `${escapeNonAscii(JSON.stringify(result))}}`;
}

/** The part before it, which differs by the id that the client chose. */
export function ownText(id: string): string {
  return escapeNonAscii(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
}
