import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Paths that may hold a credential; pino writes `[Redacted]` in their place. */
const SECRET_PATHS = ['authorization', 'apiKey', 'password', 'passport', 'secret', 'token'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

/** A unit's logger: JSON lines on standard error, so that standard output stays for people. */
export function createLogger(options: { readonly unit: string; readonly level: string }): Logger {
  return pino(
    { name: options.unit, level: options.level, redact: SECRET_PATHS },
    pino.destination({ dest: 2, sync: true }),
  );
}
