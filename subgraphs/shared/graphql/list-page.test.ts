import { expect, it } from 'vitest';
import { encodeCursor } from './connection.ts';
import { parseSequencePage } from './list-page.ts';

it('a page of a list begins after its own cursor, and asks for one row more than it has', () => {
  expect(parseSequencePage({}, 'orders/a')).toMatchObject({ before: null, limit: 51 });
  const { positionOf } = parseSequencePage({}, 'orders/a');
  const after = encodeCursor(positionOf('7'));
  expect(parseSequencePage({ first: 2, after }, 'orders/a')).toMatchObject({
    before: 7n,
    limit: 3,
  });
});

it.each(['orders/b/7', 'fills/a/7', '7', 'orders/a/x', 'orders/a/', ''])(
  'a page of a list refuses the cursor %s of another list',
  (position) => {
    const after = encodeCursor(position);
    expect(() => parseSequencePage({ after }, 'orders/a')).toThrow('not a cursor of this list');
  },
);
