import { LazyLoader } from '#shared/graphql/lazy-loader.ts';
import type { PageAsk } from './domain/ports/order-reads.ts';

/** A page of the list of one owner, such as an account or an order. */
export interface PageKey<Id extends string, Filter, Position> {
  readonly id: Id;
  readonly filter: Filter;
  readonly page: PageAsk<Position>;
}

/**
 * Loads pages of lists: one statement for all owners that are asked for the same page with the same
 * filter.
 * @param read the pages by their owners; an owner without rows can be omitted
 * @param options whether a page that was read is remembered
 */
export function pageLoader<Id extends string, Filter, Row, Position = bigint>(
  read: (
    ids: readonly Id[],
    filter: Filter,
    page: PageAsk<Position>,
  ) => Promise<ReadonlyMap<Id, readonly Row[]>>,
  { cache = true }: { readonly cache?: boolean } = {},
): LazyLoader<PageKey<Id, Filter, Position>, readonly Row[], string> {
  type Key = PageKey<Id, Filter, Position>;
  const readGroup = async (keys: readonly Key[]) => {
    const [{ filter, page }] = keys as readonly [Key];
    const rows = await read([...new Set(keys.map(({ id }) => id))], filter, page);
    return keys.map((key): [string, readonly Row[]] => [keyText(key), rows.get(key.id) ?? []]);
  };
  return new LazyLoader<Key, readonly Row[], string>(
    async (keys) => {
      const groups = groupBy(keys, pageText);
      const pages = new Map((await Promise.all(Array.from(groups.values(), readGroup))).flat());
      return keys.map((key) => pages.get(keyText(key)) ?? []);
    },
    { cacheKeyFn: keyText, cache },
  );
}

/** Rows by what each of them has in common with others, in their order. */
export function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

function keyText(key: PageKey<string, unknown, unknown>): string {
  return `${key.id} ${pageText(key)}`;
}

function pageText({ filter, page }: PageKey<string, unknown, unknown>): string {
  return JSON.stringify([filter, page.limit, page.after], (_name, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
