/** What graphql-js puts before the names that it takes for the ones meant. */
const HINT = 'Did you mean ';

/** How the message of a client's mistake is shown to that client. */
export type ShownMessage = (message: string) => string;

/**
 * Whether a mistake in a name is answered with the names that are near it: they help whoever can
 * read the schema anyway, and would show it to everybody else.
 */
export function messagesFor(options: { readonly introspection: boolean }): ShownMessage {
  return options.introspection ? (message) => message : withoutNearNames;
}

/**
 * A message without the names at its end. Not by a regular expression such as Apollo Server's: a
 * message quotes what a client sent, and one full of these words took seconds.
 */
function withoutNearNames(message: string): string {
  const start = message.endsWith('?') ? message.lastIndexOf(HINT) : -1;
  return start === -1 ? message : message.slice(0, start).trimEnd();
}
