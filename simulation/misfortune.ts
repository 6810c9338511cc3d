import { SeededRandom } from './seeded-random.ts';

/** A bug planted to prove that the simulation finds it. */
export type PlantedFault =
  /** The ledger applies the growth of a hold again when it is repeated. */
  | 'GROWTH_TWICE'
  /** The ledger writes from memory without comparing it with what is stored. */
  | 'COMPARISON_FORGOTTEN'
  /** The ledger refuses a repeated hold by its memory, without looking whether it was placed. */
  | 'REPETITION_FORGOTTEN'
  /** The ledger closes accounts whose money is held. */
  | 'CLOSED_TOO_SOON'
  /** The feed's word that a market is not to be traded on is lost on its way. */
  | 'SUSPENSION_FORGOTTEN'
  /** A process does not look at what waits when it hears of a market. */
  | 'TRIGGERS_FORGOTTEN'
  /** The order store loses the release of holds. */
  | 'RELEASE_FORGOTTEN'
  /** The order store loses trades that wait for settlement. */
  | 'TRADE_FORGOTTEN'
  /** The order store confirms a write that it did not store. */
  | 'COMMIT_FORGOTTEN'
  /** The order store accepts writes from a previous owner. */
  | 'FENCE_FORGOTTEN'
  /** The order store hides set switches from a new owner. */
  | 'SWITCH_FORGOTTEN'
  /** The order store hides settlements from an owner that reads it. */
  | 'SETTLEMENT_FORGOTTEN'
  /** The pricer forgets what a client has just taken. */
  | 'TAKES_FORGOTTEN'
  /** The outside pricer's prices are quoted to clients who have taken something since. */
  | 'OUTSIDE_TAKES_FORGOTTEN'
  /** The order store shows quotes as firm for much longer to an owner that reads it. */
  | 'EXPIRY_FORGOTTEN';

/** Decides from the seed alone which failures happen, and when. None happens once it is calm. */
export class Misfortune {
  readonly random: SeededRandom;
  readonly planted: PlantedFault | null;
  #isCalm = false;

  constructor(seed: number, planted: PlantedFault | null) {
    this.random = new SeededRandom(seed);
    this.planted = planted;
  }

  /** Whether a failure that happens in this share of cases happens now. */
  strikes(share: number): boolean {
    return !this.#isCalm && this.random.chance(share);
  }

  /** Whether this planted bug shows now; it does so even when calm. */
  shows(fault: PlantedFault): boolean {
    return this.planted === fault && this.random.chance(0.3);
  }

  /** Whether everything goes well from now on. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** Stops all failures except planted bugs. */
  calmDown(): void {
    this.#isCalm = true;
  }
}
