import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { Viewer } from '#shared/identity/viewer.ts';

/** What a subgraph knows of a request before GraphQL begins. */
export interface SubgraphRequest {
  readonly viewer: Viewer;
  /** Where the viewer called from; null for a service, and on streams. */
  readonly origin: ClientOrigin | null;
  /** One id for the whole operation, from the gateway; in every log line. */
  readonly requestId: string;
  /** Until when the answer is waited for, by `performance.now()`; null on streams. */
  readonly deadlineAtMs: number | null;
  /**
   * The viewer's quota as the gateway counts it; null if nothing is counted, or it is not asked
   * for.
   */
  readonly quota: CountedQuota | null;
}

/** The header that carries the request id between units. */
export const REQUEST_ID_HEADER = 'x-request-id';
