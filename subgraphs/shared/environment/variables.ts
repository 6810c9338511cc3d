import { z } from 'zod';

/** A TCP port; 0 takes a free one. */
export const portVariable = z.coerce.number().int().min(0).max(65_535);

/** From which severity on log lines are written. */
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

/** Where traces go; nowhere if omitted. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
};
