import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { Viewer } from '#shared/identity/viewer.ts';

/** What a subgraph knows of a request before GraphQL begins. */
export interface SubgraphRequest {
  readonly viewer: Viewer;
  /** From where the viewer called; null for a service, and on streams. */
  readonly origin: ClientOrigin | null;
  /** One id for the whole operation, from the gateway; in every log line. */
  readonly requestId: string;
  /** When nobody waits for the answer any more, by `performance.now()`; null on streams. */
  readonly deadlineAtMs: number | null;
  /** What the gateway counts of the viewer; null if nothing is counted, or asked for. */
  readonly quota: CountedQuota | null;
}

/** The header that carries the request id between units. */
export const REQUEST_ID_HEADER = 'x-request-id';
