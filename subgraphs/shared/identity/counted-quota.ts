/**
 * What a viewer may use up of one thing and how much of it is left, as the gateway counts it. Told to
 * the subgraph that shows it, in the passport.
 */
export interface CountedQuota {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** In this many seconds all of the limit comes back, evenly. */
  readonly windowSeconds: number;
  /** When everything will have come back, RFC 3339. */
  readonly resetAt: string;
}
