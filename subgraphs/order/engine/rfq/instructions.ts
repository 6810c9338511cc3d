import { ageOf } from '#shared/domain/age.ts';
import type { TradeId } from '#shared/domain/ids.ts';

/** How long an instruction waits for its answer before it is recorded without one, in milliseconds. */
const UNANSWERED_MS = 50;

/** When trades were sent to the ledger, milliseconds since the epoch. */
export type InstructionTimes = ReadonlyMap<TradeId, number>;

/**
 * Instructions that were sent to the ledger and are not recorded yet. The ledger answers most of them at once, so that
 * instruction and answer are recorded together, in one turn; one that is not answered soon is recorded alone.
 */
export class Instructions {
  readonly #sentAt = new Map<TradeId, number>();

  /** These trades are sent to the ledger, perhaps not for the first time. */
  sent(ids: readonly TradeId[], nowMs: number): void {
    for (const id of ids) if (!this.#sentAt.has(id)) this.#sentAt.set(id, nowMs);
  }

  /** The ledger has answered about these trades: takes what is known of their instructions. */
  take(ids: readonly TradeId[]): InstructionTimes {
    const taken = new Map<TradeId, number>();
    for (const id of ids) {
      const sentAt = this.#sentAt.get(id);
      if (sentAt !== undefined) taken.set(id, sentAt);
      this.#sentAt.delete(id);
    }
    return taken;
  }

  /** Takes the instructions that have waited too long for their answer. */
  takeUnanswered(nowMs: number): InstructionTimes {
    const late = [...this.#sentAt].filter(([, at]) => ageOf(at, nowMs) >= UNANSWERED_MS);
    return this.take(late.map(([id]) => id));
  }

  /** Another process sends them from now on. */
  clear(): void {
    this.#sentAt.clear();
  }
}
