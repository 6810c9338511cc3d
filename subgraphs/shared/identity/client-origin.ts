/** Where a client called from, as the gateway saw it. The passport carries it to the subgraphs. */
export interface ClientOrigin {
  /** The client's IP address. */
  readonly address: string;
  /** The client's program as it identifies itself; null if it does not. Nothing depends on it. */
  readonly userAgent: string | null;
  /** The client's connection, if losing it cancels the orders placed over it. */
  readonly guardConnectionId?: string | undefined;
}
