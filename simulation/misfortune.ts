import { SeededRandom } from './seeded-random.ts';

/** A mistake that is planted to see that it is found. */
export type PlantedFault =
  /** The ledger does not know a growth again that it has applied. */
  | 'GROWTH_TWICE'
  /** The order store loses what is to be given back. */
  | 'RELEASE_FORGOTTEN'
  /** The order store loses trades that are to be settled. */
  | 'TRADE_FORGOTTEN'
  /** The order store says that it has stored what it has not. */
  | 'COMMIT_FORGOTTEN'
  /** The order store takes writes of an owner that another has followed. */
  | 'FENCE_FORGOTTEN'
  /** The order store does not tell a new owner of switches that were set. */
  | 'SWITCH_FORGOTTEN';

/** What goes wrong, and when: by the seed alone, and nothing once it is calm. */
export class Misfortune {
  readonly random: SeededRandom;
  readonly planted: PlantedFault | null;
  #isCalm = false;

  constructor(seed: number, planted: PlantedFault | null) {
    this.random = new SeededRandom(seed);
    this.planted = planted;
  }

  /** Whether something that goes wrong in this share of cases goes wrong now. */
  strikes(share: number): boolean {
    return !this.#isCalm && this.random.chance(share);
  }

  /** Whether a planted mistake shows now; calm does not help against it. */
  shows(fault: PlantedFault): boolean {
    return this.planted === fault && this.random.chance(0.3);
  }

  /** From now on nothing goes wrong but what is planted. */
  calmDown(): void {
    this.#isCalm = true;
  }
}
