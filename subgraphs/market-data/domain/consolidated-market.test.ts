import { describe, expect, it } from 'vitest';
import { drawn, TestMarket } from '../test-market.ts';
import { consolidatedMarket } from './consolidated-market.ts';
import { VenueMarkets } from './venue-markets.ts';

/** Two venues with one clock, a whole book on each. */
function twoVenues() {
  const [first, second] = [new TestMarket('first'), new TestMarket('second')];
  first.snapshot('1 @ 100', '1 @ 102');
  second.snapshot('2 @ 100', '2 @ 101');
  const venues = new VenueMarkets([
    { markets: first.markets, atHome: [first.symbol] },
    { markets: second.markets, atHome: [] },
  ]);
  const now = () =>
    consolidatedMarket(venues.ofEveryVenue(first.symbol), { depth: 5, nowMs: first.clock.now() });
  return { first, second, venues, now };
}

describe('an instrument over several venues', () => {
  it('has one home, and all of them in its book', () => {
    const { first, venues, now } = twoVenues();
    expect(venues.get(first.symbol)).toBe(first.market);
    expect(venues.statuses().map(({ venue }) => venue)).toEqual(['first', 'second']);
    expect(now()).toMatchObject({ book: { venues: ['first', 'second'] }, leftOut: [] });
  });

  it.each([
    ['its connection is lost', ({ second }) => second.connect(false)],
    ['its book was lost', ({ second }) => second.lose('bookLost')],
    ['its book is crossed', ({ second }) => second.change('1 @ 101', '')],
    [
      'the market has moved past all that is known of it',
      ({ second }) => {
        second.snapshot('2 @ 100, 1 @ 99', '2 @ 101', '99');
        second.change('0 @ 100, 0 @ 99, 1 @ 98', '');
      },
    ],
    ['it lets orders be canceled only', ({ second }) => second.list('CANCEL_ONLY')],
    ['it lists the instrument no more', ({ second }) => second.list(null)],
    [
      'it has said nothing for longer than a quote may be old',
      ({ first }) => {
        first.clock.pass(2001);
        first.change('1 @ 99', '');
      },
    ],
  ] satisfies [string, (desk: ReturnType<typeof twoVenues>) => void][])(
    'is without a venue while %s',
    (_, happen) => {
      const desk = twoVenues();
      happen(desk);
      const { book, leftOut } = desk.now();
      expect(leftOut).toEqual(['second']);
      expect([...book.bids, ...book.asks].flatMap(({ shares }) => shares)).not.toContainEqual(
        expect.objectContaining({ venue: 'second' }),
      );
    },
  );

  it('ends where less than all of a venue is known', () => {
    const { first, second, now } = twoVenues();
    first.snapshot('1 @ 100, 1 @ 99, 1 @ 98', '1 @ 102');
    second.snapshot('2 @ 100, 2 @ 99', '2 @ 101', '99');
    second.change('2 @ 97', '');
    expect(drawn(now().book)).toEqual({ bids: '3 @ 100, 3 @ 99', asks: '2 @ 101, 1 @ 102' });
  });

  it('has nothing, and says so, when no venue can be believed', () => {
    const desk = twoVenues();
    desk.first.connect(false);
    desk.second.connect(false);
    expect(desk.now()).toEqual({
      book: { venues: [], bids: [], asks: [] },
      leftOut: ['first', 'second'],
      asOfMs: null,
    });
  });

  it('has a venue again as soon as it trades again', () => {
    const desk = twoVenues();
    desk.second.list('HALTED');
    expect(desk.now().leftOut).toEqual(['second']);
    desk.second.list('TRADING');
    expect(desk.now().leftOut).toEqual([]);
  });

  it('has a venue again as soon as its book is whole again', () => {
    const desk = twoVenues();
    desk.second.connect(false);
    desk.second.connect(true);
    expect(desk.now().leftOut).toEqual(['second']);
    desk.second.snapshot('1 @ 98', '1 @ 103');
    expect(desk.now().leftOut).toEqual([]);
  });
});
