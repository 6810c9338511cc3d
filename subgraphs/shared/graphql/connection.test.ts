import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Connection,
  connectionOf,
  encodeCursor,
  MAX_PAGE_SIZE,
  parsePageRequest,
} from './connection.ts';

const isNumber = (position: string) => /^\d+$/.test(position);

/** A list of numbers as a store would page it: rows behind `after`, one more than asked for. */
function pageOf(rows: readonly number[], args: { first?: number; after?: string | null }) {
  const page = parsePageRequest(args, isNumber);
  const behind = rows.filter((row) => page.after === null || row > Number(page.after));
  return connectionOf(behind.slice(0, page.limit + 1), page, String);
}

describe('paging', () => {
  it('shows every row once and in order, whatever the size of the pages', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(10_000), { maxLength: 60 }),
        fc.integer({ min: 1, max: MAX_PAGE_SIZE }),
        (unordered, first) => {
          const rows = unordered.toSorted((left, right) => left - right);
          const seen: number[] = [];
          let page: Connection<number>;
          let after: string | null = null;
          do {
            page = pageOf(rows, { first, after });
            seen.push(...page.edges.map(({ node }) => node));
            after = page.pageInfo.endCursor;
          } while (page.pageInfo.hasNextPage);
          expect(seen).toEqual(rows);
        },
      ),
    );
  });

  it('neither skips nor repeats when rows are added after the cursor', () => {
    const first = pageOf([1, 2, 3, 4], { first: 2 });
    const next = pageOf([1, 2, 3, 4, 5], { first: 2, after: first.pageInfo.endCursor });
    expect(next.edges.map(({ node }) => node)).toEqual([3, 4]);
    expect(next.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('of nothing is an empty page without cursors', () => {
    expect(pageOf([], {})).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('shows fifty rows where nobody says how many', () => {
    const rows = Array.from({ length: 60 }, (_, index) => index);
    expect(pageOf(rows, {}).edges).toHaveLength(50);
  });

  it.each([0, -1, MAX_PAGE_SIZE + 1])('refuses pages of %s rows', (first) => {
    expect(() => pageOf([], { first })).toThrow('Argument "first" must be from 1 to 250');
  });

  it.each(['', 'nonsense', encodeCursor('x'), encodeCursor('1; DROP TABLE orders')])(
    'refuses the cursor %j, which this list never made',
    (after) => {
      expect(() => pageOf([], { after })).toThrow('is not a cursor of this list');
    },
  );
});
