/** How long a credential is believed without word from the account subgraph. */
export interface CredentialTimes {
  /** How long an answer about one is used for requests. */
  readonly rememberedMs: number;
  /** The time between two checks of every credential that sockets and event streams depend on. */
  readonly roundMs: number;
}

/** A credential that was ended is refused within a second even if no message arrives. */
export const CREDENTIAL_TIMES: CredentialTimes = { rememberedMs: 1000, roundMs: 700 };
