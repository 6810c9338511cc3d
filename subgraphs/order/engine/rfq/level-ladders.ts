import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Instruments } from '../../domain/instruments.ts';
import { type LadderTerms, LevelLadder } from './level-ladder.ts';
import type { QuotingDesk } from './rfq-turn.ts';
import { StandingLevels } from './standing-levels.ts';

/** What pricing ladders stands on. */
export interface LevelLaddersOptions {
  readonly quoting: QuotingDesk;
  readonly instruments: Pick<Instruments, 'get'>;
  readonly clock: Clock;
  /** Random: whoever was never shown a level cannot name it. */
  readonly newId: () => string;
}

/** Every ladder that somebody follows, or followed a moment ago. */
export class LevelLadders {
  /** The levels of all of them. */
  readonly standing = new StandingLevels();
  readonly #options: LevelLaddersOptions;
  readonly #ladders = new Map<string, LevelLadder>();

  constructor(options: LevelLaddersOptions) {
    this.#options = options;
  }

  /** How many are priced. */
  get size(): number {
    return this.#ladders.size;
  }

  /** The ladder of these terms for a user who is about to follow it, priced now if it is new. */
  of(userId: UserId, terms: LadderTerms): LevelLadder {
    const key = keyOf(terms);
    const known = this.#ladders.get(key);
    if (known !== undefined) return known;
    const ladder = new LevelLadder(terms, this.#options.quoting.settings);
    this.#ladders.set(key, ladder);
    ladder.expect(userId, this.#options.clock.now());
    this.#look(ladder);
    return ladder;
  }

  /** How many prices would be made for a user who follows these terms, too. */
  pricesWith(userId: UserId, terms: LadderTerms): number {
    const added = keyOf(terms);
    const nowMs = this.#options.clock.now();
    let prices = terms.sizes.length;
    for (const [key, ladder] of this.#ladders)
      if (key !== added && ladder.isUsedBy(userId, nowMs)) prices += ladder.terms.sizes.length;
    return prices;
  }

  /** Prices what is due, and forgets what nobody wants any more. */
  look(): void {
    const { settings } = this.#options.quoting;
    const nowMs = this.#options.clock.now();
    for (const [key, ladder] of this.#ladders) {
      if (ladder.isForgotten(settings, nowMs)) {
        this.#ladders.delete(key);
        this.standing.replace(ladder.levels, []);
      } else if (ladder.isDue(settings, nowMs)) this.#look(ladder);
    }
  }

  /** Ends every level; the next look makes new ones. */
  end(): void {
    const nowMs = this.#options.clock.now();
    for (const ladder of this.#ladders.values()) {
      this.standing.replace(ladder.levels, []);
      ladder.end(nowMs);
    }
  }

  #look(ladder: LevelLadder): void {
    const { quoting, instruments, newId, clock } = this.#options;
    const before = ladder.levels;
    const instrument = instruments.get(ladder.terms.symbol);
    ladder.look({ quoting, instrument, newId, nowMs: clock.now() });
    if (ladder.levels !== before) this.standing.replace(before, ladder.levels);
  }
}

function keyOf({ symbol, tier, sizes }: LadderTerms): string {
  return [symbol, tier.name, ...sizes].join('/');
}
