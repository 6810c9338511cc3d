import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Viewer } from '#shared/identity/viewer.ts';

/** What the gateway knows of one operation while it runs; never sent anywhere as a whole. */
export interface GatewayContext {
  /** In whose name the subgraphs are asked. */
  readonly viewer: Viewer;
  /** From where the viewer called; null for what is done once for several. */
  readonly origin: ClientOrigin | null;
  /** One id for the whole operation, in every log line and every call to a subgraph. */
  readonly requestId: string;
  /** When it began, by `performance.now()`: its deadline counts from here. */
  readonly startedAtMs: number;
  /** Until when what was signed is fresh, by the same clock: later no change is begun; none if unsigned. */
  readonly freshUntilMs?: number | undefined;
  /** Whether it is only to be told its cost, and not run; else left out. */
  readonly isCostOnly?: boolean | undefined;
}
