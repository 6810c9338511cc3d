import { z } from 'zod';

/** A TCP port; 0 picks a free one. */
export const portVariable = z.coerce.number().int().min(0).max(65_535);

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

/** Where traces are sent; nowhere if omitted. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
};
