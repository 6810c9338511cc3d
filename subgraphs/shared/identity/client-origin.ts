/** From where a client called, as the gateway saw it. Told to the subgraphs in the passport. */
export interface ClientOrigin {
  /** The client's IP address. */
  readonly address: string;
  /** How the client's program calls itself; null when it did not. Nothing is decided by it. */
  readonly userAgent: string | null;
  /** The client's connection, where its loss is to cancel the orders placed over it. */
  readonly guardConnectionId?: string | undefined;
}
