import { z } from 'zod';

/** What is wrong with a value that is there; of one that is missing another text says so. */
const saying = (text: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? undefined : text;

const NOT_AN_ORIGIN = 'is not an origin, such as https://desk.example';

/** A whole number in a range, both ends inclusive. */
export function wholeVariable(min: number, max: number) {
  return z.coerce.number().int().min(min).max(max);
}

/** A TCP port; 0 picks a free one. */
export const portVariable = wholeVariable(0, 65_535);

/** The lowest severity of log lines that are written. */
export const logLevelVariable = z.enum([
  'fatal',
  'error',
  'warn',
  'info',
  'debug',
  'trace',
  'silent',
]);

/** A switch: `1` or `0`. */
export const flagVariable = z.enum(['0', '1']).transform((value) => value === '1');

/** The address of an HTTP server. No caller would send a user and password that are part of it. */
export const httpUrlVariable = z
  .url({ protocol: /^https?$/, error: saying('needs an http:// or https:// address') })
  .transform((url, context) => {
    const { username, password } = new URL(url);
    if (username + password !== '') context.addIssue('must not have a user or password');
    return url;
  });

/** The origin of an HTTP server or of web pages: whoever uses it would ignore a path after it. */
export const originVariable = z
  .url({
    protocol: /^https?$/,
    // A wildcard would match nothing.
    hostname: /^[^*]+$/,
    error: saying(NOT_AN_ORIGIN),
  })
  .transform((url, context) => {
    const { href, origin } = new URL(url);
    if (href !== `${origin}/`) context.addIssue(NOT_AN_ORIGIN);
    return origin;
  });

/** Where a process or command reaches a PostgreSQL database. */
export const databaseUrlVariable = z.url({
  protocol: /^postgres(ql)?$/,
  error: saying('needs a postgresql:// address'),
});

/** The event bus between processes, and what keeps two desks on one Redis apart. */
export const redisVariables = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: saying('needs a redis:// address') }).optional(),
  EVENT_PREFIX: z.string().min(1).optional(),
};

/** Where traces are sent; nowhere if omitted. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrlVariable.optional(),
};

/** Where Prometheus reads metrics; nowhere without a port. */
export const metricsVariables = {
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: portVariable.optional(),
};
