import pg from 'pg';

/**
 * A connection that ends itself once an answer did not come in `query_timeout`. The pool sees to that
 * where it asks itself; a transaction would give a connection back that waits forever, and the next one
 * would wait with it.
 */
export class ImpatientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const query = (...asked: unknown[]) => {
      // As it is when it is called: a test may count there.
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
