import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { countedIn, type Sender } from '../../domain/sender.ts';

/** Who has just taken a level of an instrument; an account and its user each count. */
export class LevelTakers {
  readonly #pauseMs: number;
  /** When the pause of each is over, in the order of their takes. */
  readonly #untilMs = new Map<string, number>();

  /** @param pauseMs how long they are remembered */
  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** A level is taken. @param steadyMs see `steadyNow` */
  note(symbol: InstrumentSymbol, sender: Sender, steadyMs: number): void {
    for (const key of countedIn(symbol, sender)) {
      this.#untilMs.delete(key);
      this.#untilMs.set(key, steadyMs + this.#pauseMs);
    }
  }

  /** Whether the account, or its user for any account, is among them. */
  has(symbol: InstrumentSymbol, sender: Sender): boolean {
    return (
      this.#untilMs.size > 0 && countedIn(symbol, sender).some((key) => this.#untilMs.has(key))
    );
  }

  /** Forgets those whose pause is over. @returns whether a sender is among these, or null if there are none */
  forget(steadyMs: number): ((symbol: InstrumentSymbol, sender: Sender) => boolean) | null {
    const forgotten = new Set<string>();
    for (const [key, untilMs] of this.#untilMs) {
      if (untilMs > steadyMs) break;
      this.#untilMs.delete(key);
      forgotten.add(key);
    }
    if (forgotten.size === 0) return null;
    return (symbol, sender) => countedIn(symbol, sender).some((key) => forgotten.has(key));
  }
}
