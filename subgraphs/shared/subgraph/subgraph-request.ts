import type { Viewer } from '#shared/identity/viewer.ts';

/** What a subgraph knows of a request before GraphQL begins. */
export interface SubgraphRequest {
  readonly viewer: Viewer;
  /** One id for the whole operation, from the gateway; in every log line. */
  readonly requestId: string;
}

/** The header that carries the request id between units. */
export const REQUEST_ID_HEADER = 'x-request-id';
