import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Paths that may hold a credential; pino writes `[Redacted]` in their place. */
const SECRET_PATHS = [
  ...['authorization', 'apiKey', 'password', 'passport', 'secret', 'token'].flatMap((name) => [
    name,
    `*.${name}`,
    `*.*.${name}`,
  ]),
  // An error of Redis names the command that failed: the first one contains the password.
  '*.command.args',
];

/**
 * A unit's logger: JSON lines on standard error, so that standard output is for people.
 * @param destination another one only in tests
 */
export function createLogger(
  options: { readonly unit: string; readonly level: string },
  destination: DestinationStream = standardError(),
): Logger {
  return pino({ name: options.unit, level: options.level, redact: SECRET_PATHS }, destination);
}

function standardError(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true });
  // A closed terminal takes no more lines: then the process must stop in order, and not crash.
  destination.on('error', () => undefined);
  return destination;
}
