import { hostname } from 'node:os';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { LineOutput } from './line-output.ts';
import { RepeatedLines } from './repeated-lines.ts';

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

/** Lines below it are for people who look for something, and all written. */
const WARN = 40;
/** Lines from it on are a process's last ones. */
const FATAL = 60;

/**
 * A unit's logger: JSON lines on standard error, so that standard output is for people. Of warnings
 * and errors that repeat it writes some, and how many more there were; see {@link RepeatedLines}.
 * @param destination another one only in tests
 */
export function createLogger(
  options: { readonly unit: string; readonly level: string },
  destination: DestinationStream = standardError(),
): Logger {
  const { unit: name, level } = options;
  return pino({ name, level, redact: SECRET_PATHS, hooks: omitRepeated() }, destination);
}

function omitRepeated(): NonNullable<LoggerOptions['hooks']> {
  const lines = new RepeatedLines();
  return {
    logMethod(args, write, level) {
      const [details, text] = args as readonly unknown[];
      const report = (repeated: number) => write.apply(this, [{ repeated }, String(text)]);
      const isOwnKind = level < WARN || level >= FATAL || typeof text !== 'string';
      if (isOwnKind || lines.isWritten(`${text} ${placeOf(details)}`, report))
        write.apply(this, args);
    },
  };
}

/** Where the error of a line was made: there are only so many such places, whatever its message says. */
function placeOf(details: unknown): string {
  const { err } = (details ?? {}) as { readonly err?: unknown };
  if (!(err instanceof Error)) return '';
  const frame = err.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '';
  return `${err.name} ${frame}`;
}

/** One for all loggers of the process: two would write into each other's lines. */
let output: LineOutput | undefined;

function standardError(): DestinationStream {
  if (output === undefined) {
    const opened = new LineOutput(2, lostLine);
    process.once('exit', () => opened.end());
    output = opened;
  }
  return output;
}

function lostLine(lost: number): string {
  const place = { pid: process.pid, hostname: hostname(), name: 'log' };
  const msg = 'lines were lost because nobody read the log';
  return `${JSON.stringify({ level: WARN, time: Date.now(), ...place, lost, msg })}\n`;
}
