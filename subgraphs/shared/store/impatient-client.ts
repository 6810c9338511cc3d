import pg from 'pg';

/**
 * A connection that ends itself if an answer does not arrive within `query_timeout`. The pool
 * handles that for its own queries; a transaction would return a connection that waits forever, and
 * the next one would wait with it. What is asked of it after that fails with the same error: what rolls a
 * transaction back would otherwise hide why that was needed.
 *
 * It can be lost unheard: the pool stops listening to a connection that it hands out, and the loss can
 * be in the same packet as what made it ready, before the receiver listens. Its statements fail then.
 */
export class ImpatientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    let late: unknown;
    const query = (...asked: unknown[]) => {
      // Looked up for each statement: what instruments the library replaces it.
      const answer: unknown = Reflect.apply(pg.Client.prototype.query, this, asked);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((cause: unknown) => {
        if (isLate(cause)) {
          late = cause;
          this.end().catch(() => undefined);
        }
        throw late ?? cause;
      });
    };
    Object.assign(this, { query });
  }
}

/** The library has no code for it. */
function isLate(cause: unknown): boolean {
  return cause instanceof Error && cause.message === 'Query read timeout';
}
