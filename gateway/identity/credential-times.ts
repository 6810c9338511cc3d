/** For how long something is believed of a credential without a word from the account subgraph. */
export interface CredentialTimes {
  /** An answer about one is good for requests for this long. */
  readonly rememberedMs: number;
  /** From one look at every credential that sockets and event streams live on to the next. */
  readonly roundMs: number;
}

/** What was ended is dead within a second, also when nobody tells of it. */
export const CREDENTIAL_TIMES: CredentialTimes = { rememberedMs: 1000, roundMs: 700 };
