import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SubgraphAddress } from '#shared/subgraph/subgraph-client.ts';
import { untraced } from '#shared/tracing/tracing.ts';
import { type ConnectionOwner, EventConnection } from './event-connection.ts';
import type { SourceListener, SourceRequest } from './source-event-stream.ts';

/**
 * The way to the streams of one subgraph: one connection, shared by all of them. If a stream is now
 * served by another process of the subgraph, streams opened later use a new connection, which a
 * balancer before the processes leads to the right one. The streams of the old one continue there.
 */
export class SubgraphSocket implements ConnectionOwner {
  readonly #address: SubgraphAddress;
  readonly #parts: { readonly clock: Clock; readonly logger: Logger };
  readonly #connections = new Set<EventConnection>();
  /** The one on which streams are opened; null while there is none. */
  #current: EventConnection | null = null;

  constructor(address: SubgraphAddress, clock: Clock, logger: Logger) {
    this.#address = address;
    this.#parts = { clock, logger: logger.child({ subgraph: address.name }) };
  }

  /**
   * Opens a stream, and the connection if there is none.
   * @returns a function that closes the stream
   */
  open(request: SourceRequest, listener: SourceListener): () => void {
    this.#current ??= this.#connect();
    return this.#current.open(request, listener);
  }

  /** Closes all connections; current listeners get `lost`. */
  stop(): void {
    for (const connection of this.#connections) connection.stop();
  }

  onGone(connection: EventConnection): void {
    this.#connections.delete(connection);
    if (this.#current === connection) this.#current = null;
  }

  onElsewhere(connection: EventConnection): void {
    if (this.#current === connection) this.#current = null;
    connection.retire();
  }

  #connect(): EventConnection {
    const connection = untraced(() => new EventConnection(this.#address, this.#parts, this));
    this.#connections.add(connection);
    return connection;
  }
}
