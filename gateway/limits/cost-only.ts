import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request asks only for its cost and is not run: header `x-cost-only: true`. */
export function isCostOnly(headers: IncomingHttpHeaders): boolean {
  return headers['x-cost-only'] === 'true';
}
