import { type ListPage, type PageArguments, parseListPage } from '#shared/graphql/list-page.ts';
import type { CreationPageKey } from '../identity/creation-page-key.ts';

/** A time, and an id as we make them: a store might refuse any other text in a cursor. */
const CREATION = /^(\d{1,15})\.([\w.:-]{1,64})$/;

/** A requested page of a list that is sorted by time of creation; see {@link creationText}. */
export function parseCreationPage(
  args: PageArguments,
  list: string,
): ListPage<NonNullable<CreationPageKey['before']>> {
  return parseListPage(args, list, (text) => {
    const [, atMs, id] = CREATION.exec(text) ?? [];
    return atMs === undefined || id === undefined ? null : { createdAtMs: Number(atMs), id };
  });
}

/** The position of an item in such a list. */
export function creationText(item: { readonly createdAtMs: number; readonly id: string }): string {
  return `${item.createdAtMs}.${item.id}`;
}
