import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request is to be told its cost and not run: by the header `x-cost-only: true`. */
export function isCostOnly(headers: IncomingHttpHeaders): boolean {
  return headers['x-cost-only'] === 'true';
}
