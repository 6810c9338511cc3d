import { describe, expect, it } from 'vitest';
import { drawBook, drawing } from './test-book.ts';

// One drawn scenario for each rule of matching: the book before, what comes, what happens, the book after.

const ASKS = `
  | bid | price | ask        |
  |     |   102 | 5 c        |
  |     |   101 | 2 a, 3 b   |
  | 4 d |    99 |            |`;

interface Scenario {
  readonly rule: string;
  readonly before?: string;
  readonly comes: string;
  readonly happens: readonly string[];
  readonly after: string;
}

const SCENARIOS: readonly Scenario[] = [
  {
    rule: 'a trade happens at the price of who waited: better than the limit, to the taker’s good',
    comes: 'BUY 3 @ 102',
    happens: ['a 2 @ 101', 'b 1 @ 101'],
    after: `
      | bid | price | ask |
      |     |   102 | 5 c |
      |     |   101 | 2 b |
      | 4 d |    99 |     |`,
  },
  {
    rule: 'IOC takes what there is and does not rest',
    comes: 'BUY 9 @ 101 IOC',
    happens: ['a 2 @ 101', 'b 3 @ 101', 'expires 4 UNFILLED_IOC_QUANTITY'],
    after: `
      | bid | price | ask |
      |     |   102 | 5 c |
      | 4 d |    99 |     |`,
  },
  {
    rule: 'FOK takes all at once',
    comes: 'BUY 10 @ 102 FOK',
    happens: ['a 2 @ 101', 'b 3 @ 101', 'c 5 @ 102'],
    after: `
      | bid | price | ask |
      | 4 d |    99 |     |`,
  },
  {
    rule: 'FOK takes nothing of what is one too little',
    comes: 'BUY 11 @ 102 FOK',
    happens: ['expires 11 UNFILLED_FOK_ORDER'],
    after: ASKS,
  },
  {
    rule: 'FOK does not count what it may not trade with: its own',
    before: `
      | bid | price | ask               |
      |     |   101 | 2 a of ann, 9 b   |`,
    comes: 'new of ann: BUY 11 @ 101 FOK CANCEL_MAKER',
    happens: ['expires 11 UNFILLED_FOK_ORDER'],
    after: `
      | bid | price | ask               |
      |     |   101 | 2 a of ann, 9 b   |`,
  },
  {
    rule: 'MARKET goes up to its end of the collar',
    comes: 'BUY 9 MARKET 101',
    happens: ['a 2 @ 101', 'b 3 @ 101', 'expires 4 PRICE_RANGE_EXCEEDED'],
    after: `
      | bid | price | ask |
      |     |   102 | 5 c |
      | 4 d |    99 |     |`,
  },
  {
    rule: 'by quote quantity it takes the whole steps that its budget is worth at each price',
    comes: 'BUY 760 QUOTE MARKET 110',
    happens: ['a 2 @ 101', 'b 3 @ 101', 'c 2 @ 102'],
    after: `
      | bid | price | ask |
      |     |   102 | 3 c |
      | 4 d |    99 |     |`,
  },
  {
    rule: 'by quote quantity it ends where the book does, with what is left of the budget',
    before: `
      | bid | price | ask |
      |     |   101 | 2 a |`,
    comes: 'BUY 404 QUOTE MARKET 110',
    happens: ['a 2 @ 101', 'expires 2 UNFILLED_IOC_QUANTITY'],
    after: `
      | bid | price | ask |`,
  },
  {
    rule: 'by quote quantity it does nothing where a step costs more than it has',
    comes: 'BUY 100 QUOTE MARKET 110',
    happens: ['expires 0 UNFILLED_IOC_QUANTITY'],
    after: ASKS,
  },
  {
    rule: 'post-only rests where it does not take',
    comes: 'BUY 1 @ 100 REJECT',
    happens: ['rests 1 @ 100'],
    after: `
      | bid   | price | ask      |
      |       |   102 | 5 c      |
      |       |   101 | 2 a, 3 b |
      | 1 new |   100 |          |
      | 4 d   |    99 |          |`,
  },
  {
    rule: 'post-only REJECT is rejected where it would take, at the touch exactly too',
    comes: 'BUY 1 @ 101 REJECT',
    happens: ['rejected'],
    after: ASKS,
  },
  {
    rule: 'post-only REPRICE rests one tick from the touch',
    comes: 'BUY 1 @ 105 REPRICE',
    happens: ['rests 1 @ 100'],
    after: `
      | bid   | price | ask      |
      |       |   102 | 5 c      |
      |       |   101 | 2 a, 3 b |
      | 1 new |   100 |          |
      | 4 d   |    99 |          |`,
  },
  {
    rule: 'post-only looks at the house as at any other',
    before: `
      | bid     | price | ask |
      | 7 house |    99 |     |`,
    comes: 'SELL 1 @ 90 REPRICE',
    happens: ['rests 1 @ 100'],
    after: `
      | bid     | price | ask   |
      |         |   100 | 1 new |
      | 7 house |    99 |       |`,
  },
  {
    rule: 'post-only comes before self-trade prevention: its own best price is a touch',
    before: `
      | bid | price | ask        |
      |     |   101 | 2 a of ann |`,
    comes: 'new of ann: BUY 1 @ 101 REJECT CANCEL_MAKER',
    happens: ['rejected'],
    after: `
      | bid | price | ask        |
      |     |   101 | 2 a of ann |`,
  },
  {
    rule: 'an iceberg trades what it shows, and shows again behind the others',
    before: `
      | bid | price | ask        |
      |     |   101 | 2+5 a, 3 b |`,
    comes: 'BUY 3 @ 101',
    happens: ['a 2 @ 101', 'b 1 @ 101'],
    after: `
      | bid | price | ask        |
      |     |   101 | 2 b, 2+3 a |`,
  },
  {
    rule: 'an iceberg is met again for as long as there is more to take',
    before: `
      | bid | price | ask        |
      |     |   101 | 2+5 a, 3 b |`,
    comes: 'BUY 8 @ 101',
    happens: ['a 2 @ 101', 'b 3 @ 101', 'a 2 @ 101', 'a 1 @ 101'],
    after: `
      | bid | price | ask   |
      |     |   101 | 1+1 a |`,
  },
  {
    rule: 'an iceberg takes with all it has, and hides only what rests of it',
    comes: 'BUY 9 @ 101 SHOWS 2',
    happens: ['a 2 @ 101', 'b 3 @ 101', 'rests 4 @ 101'],
    after: `
      | bid     | price | ask |
      |         |   102 | 5 c |
      | 2+2 new |   101 |     |
      | 4 d     |    99 |     |`,
  },
  {
    rule: 'CANCEL_TAKER: what came ends at its own order, and what it traded before stands',
    before: `
      | bid | price | ask               |
      |     |   101 | 2 a, 3 b of ann   |`,
    comes: 'new of ann: BUY 9 @ 101',
    happens: ['a 2 @ 101', 'b -0 @ 101 CANCEL_TAKER -7', 'prevented'],
    after: `
      | bid | price | ask        |
      |     |   101 | 3 b of ann |`,
  },
  {
    rule: 'CANCEL_MAKER: what rests ends, and what came goes on',
    before: `
      | bid | price | ask               |
      |     |   101 | 3 b of ann, 2 a   |`,
    comes: 'new of ann: BUY 9 @ 101 CANCEL_MAKER',
    happens: ['b -3 @ 101 CANCEL_MAKER -0', 'a 2 @ 101', 'rests 7 @ 101'],
    after: `
      | bid          | price | ask |
      | 7 new of ann |   101 |     |`,
  },
  {
    rule: 'CANCEL_BOTH: neither is left',
    before: `
      | bid | price | ask               |
      |     |   101 | 3 b of ann, 2 a   |`,
    comes: 'new of ann: BUY 9 @ 101 CANCEL_BOTH',
    happens: ['b -3 @ 101 CANCEL_BOTH -9', 'prevented'],
    after: `
      | bid | price | ask |
      |     |   101 | 2 a |`,
  },
  {
    rule: 'DECREMENT: both lose the smaller, and the larger goes on',
    before: `
      | bid | price | ask               |
      |     |   101 | 3 b of ann, 2 a   |`,
    comes: 'new of ann: BUY 4 @ 101 DECREMENT',
    happens: ['b -3 @ 101 DECREMENT -3', 'a 1 @ 101'],
    after: `
      | bid | price | ask |
      |     |   101 | 1 a |`,
  },
  {
    rule: 'DECREMENT: a larger order that rests keeps its place with the rest',
    before: `
      | bid | price | ask               |
      |     |   101 | 3 b of ann, 2 a   |`,
    comes: 'new of ann: BUY 2 @ 101 DECREMENT',
    happens: ['b -2 @ 101 DECREMENT -2', 'prevented'],
    after: `
      | bid | price | ask             |
      |     |   101 | 1 b of ann, 2 a |`,
  },
  {
    rule: 'the house sells after every client at its price, and only what it offers',
    before: `
      | bid | price | ask          |
      |     |   101 | 1 a, 2 house |`,
    comes: 'BUY 5 @ 101',
    happens: ['a 1 @ 101', 'house 2 @ 101', 'rests 2 @ 101'],
    after: `
      | bid   | price | ask |
      | 2 new |   101 |     |`,
  },
];

describe('matching, drawn', () => {
  it.each(SCENARIOS)('$rule', ({ before = ASKS, comes, happens, after }) => {
    const book = drawBook(before);
    expect(book.match(comes)).toEqual(happens);
    expect(book.drawn()).toBe(drawing(after));
  });
});
