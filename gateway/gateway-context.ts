import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Viewer } from '#shared/identity/viewer.ts';

/** What the gateway knows of one operation while it runs; it is never sent anywhere as a whole. */
export interface GatewayContext {
  /** Who the subgraphs are asked for. */
  readonly viewer: Viewer;
  /** Where the viewer called from; null for work that several viewers share. */
  readonly origin: ClientOrigin | null;
  /** One id for the whole operation, in every log line and every call to a subgraph. */
  readonly requestId: string;
  /** When it began, by `performance.now()`: its deadline counts from here. */
  readonly startedAtMs: number;
  /**
   * Until when the signature is fresh, by the same clock: no change begins later. Undefined if the
   * request is unsigned.
   */
  readonly freshUntilMs?: number | undefined;
  /** Set if only the cost is asked for and the operation is not run. */
  readonly isCostOnly?: boolean | undefined;
}
