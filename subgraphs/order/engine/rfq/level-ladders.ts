import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Instruments } from '../../domain/ports/instruments.ts';
import { type LadderTerms, type LadderTime, LevelLadder } from './level-ladder.ts';
import type { QuotingDesk } from './rfq-turn.ts';
import { StandingLevels } from './standing-levels.ts';

/** What pricing ladders needs. */
export interface LevelLaddersOptions {
  readonly quoting: QuotingDesk;
  readonly instruments: Pick<Instruments, 'get'>;
  readonly clock: Clock;
  /** Random, so that nobody can guess the id of a level they were never shown. */
  readonly newId: () => string;
}

/** All ladders that a stream follows, or followed a moment ago. */
export class LevelLadders {
  /** The current levels of all ladders. */
  readonly standing = new StandingLevels();
  readonly #options: LevelLaddersOptions;
  readonly #ladders = new Map<string, LevelLadder>();

  constructor(options: LevelLaddersOptions) {
    this.#options = options;
  }

  /** How many ladders are priced. */
  get size(): number {
    return this.#ladders.size;
  }

  /** The ladder for these terms, priced now if it is new; the user is about to follow it. */
  of(userId: UserId, terms: LadderTerms): LevelLadder {
    const key = keyOf(terms);
    const known = this.#ladders.get(key);
    if (known !== undefined) return known;
    const ladder = new LevelLadder(terms, this.#options.quoting.settings);
    this.#ladders.set(key, ladder);
    ladder.expect(userId, this.#time().steadyMs);
    this.#look(ladder);
    return ladder;
  }

  /** How many prices would be made for a user who followed these terms as well. */
  pricesWith(userId: UserId, terms: LadderTerms): number {
    const added = keyOf(terms);
    const { steadyMs } = this.#time();
    let prices = terms.sizes.length;
    for (const [key, ladder] of this.#ladders)
      if (key !== added && ladder.isUsedBy(userId, steadyMs)) prices += ladder.terms.sizes.length;
    return prices;
  }

  /** Prices the ladders that are due, and forgets those that nobody needs any more. */
  look(): void {
    const { settings } = this.#options.quoting;
    const { steadyMs } = this.#time();
    for (const [key, ladder] of this.#ladders) {
      if (ladder.isForgotten(settings, steadyMs)) {
        this.#ladders.delete(key);
        this.standing.replace(ladder.levels, []);
      } else if (ladder.isDue(settings, steadyMs)) this.#look(ladder);
    }
  }

  /** Ends every level; pricing again makes new ones. */
  end(): void {
    const at = this.#time();
    for (const ladder of this.#ladders.values()) {
      this.standing.replace(ladder.levels, []);
      ladder.end(at);
    }
  }

  #look(ladder: LevelLadder): void {
    const { quoting, instruments, newId } = this.#options;
    const before = ladder.levels;
    const instrument = instruments.get(ladder.terms.symbol);
    ladder.look({ quoting, instrument, newId, at: this.#time() });
    if (ladder.levels !== before) this.standing.replace(before, ladder.levels);
  }

  #time(): LadderTime {
    const { clock } = this.#options;
    return { nowMs: clock.now(), steadyMs: steadyNow(clock) };
  }
}

function keyOf({ symbol, tier, sizes }: LadderTerms): string {
  return [symbol, tier.name, ...sizes].join('/');
}
