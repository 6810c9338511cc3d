import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Paths that may hold a credential; pino writes `[Redacted]` in their place. */
const SECRET_PATHS = [
  ...['authorization', 'apiKey', 'password', 'passport', 'secret', 'token'].flatMap((name) => [
    name,
    `*.${name}`,
    `*.*.${name}`,
  ]),
  // An error of Redis tells the command that it answers: the first has the password.
  '*.command.args',
];

/**
 * A unit's logger: JSON lines on standard error, so that standard output stays for people.
 * @param destination another only in tests
 */
export function createLogger(
  options: { readonly unit: string; readonly level: string },
  destination: DestinationStream = standardError(),
): Logger {
  return pino({ name: options.unit, level: options.level, redact: SECRET_PATHS }, destination);
}

function standardError(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true });
  // A terminal that was closed takes no more lines: then the process has to stop in order, and not break.
  destination.on('error', () => undefined);
  return destination;
}
