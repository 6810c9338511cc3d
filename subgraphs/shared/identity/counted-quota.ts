/**
 * A viewer's limit on something and what is left of it, as the gateway counts it. The passport
 * carries it to the subgraph that shows it.
 */
export interface CountedQuota {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** The seconds in which the entire limit is replenished, evenly. */
  readonly windowSeconds: number;
  /** When everything will have been replenished, RFC 3339. */
  readonly resetAt: string;
}
