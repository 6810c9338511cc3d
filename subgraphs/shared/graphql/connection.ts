import { DomainError, DomainErrorCode } from './domain-error.ts';

/** The most rows that one page can have. */
export const MAX_PAGE_SIZE = 250;
const DEFAULT_PAGE_SIZE = 50;

/** A requested page: at most `limit` rows after `after`, which is null for the first page. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | null;
}

/**
 * A page from the store: at most `limit + 1` rows, the last one only to show that there are more.
 */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** An opaque cursor for a position in the store; {@link parsePageRequest} reads it back. */
export function encodeCursor(position: string): string {
  return Buffer.from(position, 'utf8').toString('base64url');
}

/**
 * Reads Relay's `first` and `after`.
 * @throws DomainError BAD_USER_INPUT if `first` is not 1 to 250, or the cursor is not one of ours
 */
export function parsePageRequest(
  args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
  isPosition: (position: string) => boolean,
): PageRequest {
  const limit = args.first ?? DEFAULT_PAGE_SIZE;
  if (limit < 1 || limit > MAX_PAGE_SIZE)
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      `Argument "first" must be from 1 to ${MAX_PAGE_SIZE}; it was ${limit}.`,
    );
  if (args.after === undefined || args.after === null) return { limit, after: null };
  const after = Buffer.from(args.after, 'base64url').toString('utf8');
  if (!isPosition(after))
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      'Argument "after" is not a cursor of this list.',
    );
  return { limit, after };
}

/** Makes the Relay connection of at most `limit + 1` rows, in the given order. */
export function connectionOf<Node>(
  rows: readonly Node[],
  page: PageRequest,
  positionOf: (node: Node) => string,
): Connection<Node> {
  const edges = rows
    .slice(0, page.limit)
    .map((node) => ({ cursor: encodeCursor(positionOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.limit,
      hasPreviousPage: page.after !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
