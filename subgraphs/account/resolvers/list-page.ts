import { parseSequence } from '#shared/domain/sequence.ts';
import { type PageRequest, parsePageRequest } from '#shared/graphql/connection.ts';
import type { CreationPageKey } from '../identity/creation-page-key.ts';

/** What a page of a list asks for, and how the list's cursors are written. */
export interface ListPage<Position> {
  readonly page: PageRequest;
  /** Only what comes after this in the list; null for the first page. */
  readonly before: Position | null;
  /** How many rows to read: one more than the page has, to know of more. */
  readonly limit: number;
  /** A position of this list and of no other. */
  readonly positionOf: (text: string) => string;
}

/**
 * Reads `first` and `after` of one list.
 * @param list names the list; its cursors are those of no other
 * @throws DomainError BAD_USER_INPUT as {@link parsePageRequest}, and for another list's cursor
 */
function parseListPage<Position>(
  args: Parameters<typeof parsePageRequest>[0],
  list: string,
  parse: (text: string) => Position | null,
): ListPage<Position> {
  const prefix = `${list}/`;
  const read = (text: string) =>
    text.startsWith(prefix) ? parse(text.slice(prefix.length)) : null;
  const page = parsePageRequest(args, (text) => read(text) !== null);
  return {
    page,
    before: page.after === null ? null : read(page.after),
    limit: page.limit + 1,
    positionOf: (text) => `${prefix}${text}`,
  };
}

/** A page of a list that is ordered by a sequence. */
export function parseSequencePage(
  args: Parameters<typeof parsePageRequest>[0],
  list: string,
): ListPage<bigint> {
  return parseListPage(args, list, parseSequence);
}

/** A page of a list that is ordered by the time something was made; see {@link creationText}. */
export function parseCreationPage(
  args: Parameters<typeof parsePageRequest>[0],
  list: string,
): ListPage<NonNullable<CreationPageKey['before']>> {
  return parseListPage(args, list, (text) => {
    const [, atMs, id] = CREATION.exec(text) ?? [];
    return atMs === undefined || id === undefined ? null : { createdAtMs: Number(atMs), id };
  });
}

/** Where something made stands in such a list. */
export function creationText(made: { readonly createdAtMs: number; readonly id: string }): string {
  return `${made.createdAtMs}.${made.id}`;
}

/** A time, and an id as we make them: what else a cursor could hold, a store might not even take. */
const CREATION = /^(\d{1,15})\.([\w.:-]{1,64})$/;
