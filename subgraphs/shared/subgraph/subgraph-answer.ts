/** A parsed answer of a subgraph. */
export interface SubgraphAnswer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[] | undefined;
}

/**
 * An answer that came without a backslash: no text in it needs an escape when it is made JSON
 * again. A class, because a mark in a WeakSet would keep every answer for several collections.
 */
export class UnescapedAnswer implements SubgraphAnswer {
  readonly data: unknown;
  readonly errors: readonly unknown[] | undefined;

  constructor({ data, errors }: SubgraphAnswer) {
    this.data = data;
    this.errors = errors;
  }
}
