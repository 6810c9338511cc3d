import pg from 'pg';

/**
 * A connection that ends itself if an answer does not arrive within `query_timeout`. The pool
 * handles that for its own queries; a transaction would return a connection that waits forever, and
 * the next one would wait with it.
 */
export class ImpatientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const query = (...asked: unknown[]) => {
      // Looked up for each statement: what instruments the library replaces it.
      const answer: unknown = Reflect.apply(pg.Client.prototype.query, this, asked);
      if (answer instanceof Promise)
        answer.catch((cause: unknown) => {
          if (isLate(cause)) this.end().catch(() => undefined);
        });
      return answer;
    };
    Object.assign(this, { query });
  }
}

/** The library has no code for it. */
function isLate(cause: unknown): boolean {
  return cause instanceof Error && cause.message === 'Query read timeout';
}
