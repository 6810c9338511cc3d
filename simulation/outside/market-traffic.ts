import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import { price } from '../../subgraphs/order/domain/test-orders.ts';
import { INSTRUMENTS, MARKET, priceText } from '../clients/drawn-orders.ts';
import type { Misfortune } from '../misfortune.ts';
import type { SimulatedDesk } from '../simulated-desk.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Witness } from '../witness.ts';
import { venueBooks } from './venue-books.ts';

const EVERY_MS = 700;
/** Once clients trade no more: less often, and always before a quote gets old. */
const CALM_EVERY_MS = 1900;
/** Usual distance of the best ask from the best bid, in ticks. */
const SPREAD = 3;
/** How many ticks a market is crossed by: enough for the house's prices to be crossed after rounding, too. */
const CROSSED_TICKS = { least: 3, most: 5 } as const;
/** The share of quotes with which the venue stops the instrument, until the next one. */
const STOPPED_SHARE = 0.05;
/** The share of seeds in which markets are ever crossed, suspended or silent. */
const ROUGH_SHARE = 0.35;
/** The share of quotes whose sides cross each other, until the next one. */
const CROSSED_SHARE = 0.06;
/** The share of quotes that the feed itself says not to trade on, until the next one. */
const SUSPENDED_SHARE = 0.03;
/** The share of moves after which the venue says nothing for longer than a quote is fresh. */
const SILENT_SHARE = 0.04;
const LONGEST_SILENCE_MS = 4000;
/** How much later than the home's market the books of all venues can arrive. */
const LATEST_BOOKS_MS = 1200;

/** A market as the desk hears it. */
export interface MarketMove {
  readonly instrument: Instrument;
  readonly bidTicks: number;
  readonly askTicks: number;
  readonly sequence: number;
  readonly status: InstrumentStatus;
  /** The feed says not to trade on it. */
  readonly isSuspended: boolean;
}

/** What the market moves in. */
export interface MarketSurroundings {
  readonly time: VirtualTime;
  readonly misfortune: Misfortune;
  readonly witness: Witness;
  /** Whether the books of several venues are published, too. */
  readonly hasVenues: boolean;
  /** Every order process that is up. */
  readonly desks: () => Iterable<SimulatedDesk>;
}

/** The venue's markets: they move at random times, stop, cross themselves, and fall silent. */
export class MarketTraffic {
  readonly #surroundings: MarketSurroundings;
  readonly #isRough: boolean;
  #sequence = 0;
  #crossed = 0;
  #silences = 0;

  constructor(surroundings: MarketSurroundings) {
    this.#surroundings = surroundings;
    this.#isRough = surroundings.misfortune.strikes(ROUGH_SHARE);
  }

  /** How often each kind of bad market happened. */
  get counts(): Readonly<Record<'crossedMarkets' | 'silentMarkets', number>> {
    return { crossedMarkets: this.#crossed, silentMarkets: this.#silences };
  }

  /** Moves the markets until this time, by the clock that nothing sets. */
  moveUntil(endMs: number): void {
    const { time, misfortune } = this.#surroundings;
    const { random } = misfortune;
    if (time.steadyNow() > endMs) return;
    for (const instrument of INSTRUMENTS) this.#move(instrument);
    const isSilent = this.#isRough && misfortune.strikes(SILENT_SHARE);
    if (isSilent) this.#silences += 1;
    const everyMs = misfortune.isCalm ? CALM_EVERY_MS : EVERY_MS;
    const [shortest, longest] = isSilent
      ? [INSTRUMENTS[0].maxQuoteAgeMs, LONGEST_SILENCE_MS]
      : [1, everyMs];
    time.after(random.between(shortest, longest), () => this.moveUntil(endMs));
  }

  #move(instrument: Instrument): void {
    const { misfortune } = this.#surroundings;
    const { random } = misfortune;
    const isStopped = misfortune.strikes(STOPPED_SHARE);
    const isCrossed = this.#isRough && misfortune.strikes(CROSSED_SHARE);
    if (isCrossed) this.#crossed += 1;
    this.#publish({
      instrument,
      ...this.#prices(
        isCrossed ? -random.between(CROSSED_TICKS.least, CROSSED_TICKS.most) : SPREAD,
      ),
      status: isStopped ? random.pick(['HALTED', 'CANCEL_ONLY']) : 'TRADING',
      isSuspended: this.#isRough && misfortune.strikes(SUSPENDED_SHARE),
    });
  }

  #prices(spread: number) {
    const { random } = this.#surroundings.misfortune;
    const bidTicks = random.between(MARKET.lowest, MARKET.highest - SPREAD);
    return { bidTicks, askTicks: bidTicks + spread };
  }

  #publish(quoted: Omit<MarketMove, 'sequence'>): void {
    const { time, witness, desks, misfortune } = this.#surroundings;
    this.#sequence += 1;
    const move: MarketMove = { ...quoted, sequence: this.#sequence };
    const { instrument, bidTicks, askTicks, status, isSuspended } = move;
    const isTradable = status === 'TRADING' && !isSuspended && bidTicks <= askTicks;
    const [bid, ask, mid] = [bidTicks, askTicks, (bidTicks + askTicks) / 2].map((ticks) =>
      price(priceText(ticks)),
    ) as [Price, Price, Price];
    const about = { sequence: `${this.#sequence}`, isTradable, steady: time.steadyNow() };
    witness.sawMarket(instrument.symbol, { bid, ask, mid, ...about });
    const isForgotten = isSuspended && misfortune.shows('SUSPENSION_FORGOTTEN');
    const heard = isForgotten ? { ...move, isSuspended: false } : move;
    for (const desk of desks()) void desk.moveMarket(heard).catch(() => undefined);
    if (this.#surroundings.hasVenues && isTradable) this.#publishBooks(move);
  }

  /** They arrive apart from the home's market: soon after it, or when it has moved on. */
  #publishBooks(move: MarketMove): void {
    const { time, witness, desks, misfortune } = this.#surroundings;
    const { random } = misfortune;
    const books = venueBooks(move, random, time.now());
    time.after(random.between(0, random.pick([5, LATEST_BOOKS_MS])), () => {
      const { symbol } = move.instrument;
      witness.sawBooks(symbol, `${move.sequence}`, time.steadyNow());
      for (const desk of desks()) desk.hearBooks(books);
    });
  }
}
