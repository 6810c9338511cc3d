import { parseArgs } from 'node:util';

/** How an audit is run. */
export interface AuditOptions {
  /** The folder of a desk that runs in one process; undefined if variables name the stores. */
  readonly state: string | undefined;
  /** How long after one audit the next one begins; null for a single audit. */
  readonly everySeconds: number | null;
  /** Where Prometheus reads the findings; null for nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
}

/**
 * Reads `[--state .data] [--every SECONDS [--metrics-port PORT] [--metrics-host HOST]]`.
 * @throws Error with one sentence about the first invalid option
 */
export function parseAuditOptions(args: readonly string[]): AuditOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      state: { type: 'string' },
      every: { type: 'string' },
      'metrics-port': { type: 'string' },
      'metrics-host': { type: 'string' },
    },
  });
  const everySeconds = wholeNumber('--every', values.every, { min: 1, max: 86_400 });
  const port = wholeNumber('--metrics-port', values['metrics-port'], { min: 0, max: 65_535 });
  if (port !== null && everySeconds === null)
    throw new Error('--metrics-port needs --every: a single audit ends before anyone can read it.');
  const host = values['metrics-host'] ?? '127.0.0.1';
  return {
    state: values.state,
    everySeconds,
    metrics: port === null ? null : { host, port },
  };
}

function wholeNumber(
  option: string,
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | null {
  if (text === undefined) return null;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw new Error(`${option} must be a whole number from ${min} to ${max}; it was "${text}".`);
}
