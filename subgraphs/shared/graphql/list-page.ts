import { parseSequence } from '../domain/sequence.ts';
import { type PageRequest, parsePageRequest } from './connection.ts';

/** Relay's `first` and `after` as a client sends them. */
export type PageArguments = Parameters<typeof parsePageRequest>[0];

/** A requested page of one list, whose cursors fit no other list. */
export interface ListPage<Position> {
  readonly page: PageRequest;
  /** Only rows that follow this position in the list, which is newest first; null for the first page. */
  readonly before: Position | null;
  /** How many rows to read: one more than the page has, which shows whether there are more. */
  readonly limit: number;
  /** A position of this list, as the text of its cursor. */
  readonly positionOf: (text: string) => string;
}

/**
 * Reads `first` and `after` for one list.
 * @param list the list's name; it is part of its cursors
 * @param parse reads a position; null for text that cannot be one
 * @throws DomainError BAD_USER_INPUT like {@link parsePageRequest}, and for another list's cursor
 */
export function parseListPage<Position>(
  args: PageArguments,
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

/** A requested page of a list that is sorted by a sequence. */
export function parseSequencePage(args: PageArguments, list: string): ListPage<bigint> {
  return parseListPage(args, list, parseSequence);
}
