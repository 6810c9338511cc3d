/** What graphql-js puts before the names that it takes for the ones meant. */
const HINT = 'Did you mean ';

/** What is shown of a longer message: where it begins, and its end, which says what is wrong. */
const [HEAD, TAIL] = [600, 400];

/** How the message of an error is shown to the client that made the mistake. */
export type ShownMessage = (message: string) => string;

/**
 * Shortens messages, which quote what a client sent: one quoted each of many mistakes with all that
 * was around it, fifty times. Whether a mistake in a name is answered with the names that are near it
 * goes by introspection: they help whoever can read the schema anyway, and would show it to everybody
 * else.
 */
export function messagesFor(options: { readonly introspection: boolean }): ShownMessage {
  const { introspection } = options;
  return (message) => shortened(introspection ? message : withoutNearNames(message));
}

/**
 * A message without the names at its end. Not by a regular expression such as Apollo Server's: with
 * a message full of these words it took seconds.
 */
function withoutNearNames(message: string): string {
  const start = message.endsWith('?') ? message.lastIndexOf(HINT) : -1;
  return start === -1 ? message : message.slice(0, start).trimEnd();
}

function shortened(message: string): string {
  if (message.length <= HEAD + TAIL) return message;
  return `${message.slice(0, HEAD)} … ${message.slice(-TAIL)}`;
}
