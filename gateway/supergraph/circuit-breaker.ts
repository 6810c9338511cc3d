import { assertNever } from '#shared/domain/invariant.ts';

/** This many calls in a row must have had no answer. */
const FAILURES = 5;
const PAUSE_MS = 1000;

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'probing'; readonly probe: Attempt };

/** One call that was let through; its end must be reported here in every case. */
export interface Attempt {
  /** Something came back, good or bad: the other side is there. */
  answered(): void;
  /** Nothing came back. That counts if no other call was answered since this one was let through. */
  failed(): void;
  /** The call says nothing about the other side. */
  undecided(): void;
}

/**
 * Stops calls to a neighbor that does not answer: after several failures in a row, during which it
 * answered nothing, none is let through for a while, then one at a time, until one is answered.
 */
export class CircuitBreaker {
  readonly #onChange: (isOpen: boolean) => void;
  readonly #nowMs: () => number;
  #state: State = { kind: 'closed', failures: 0 };
  /** How many calls were answered. */
  #answers = 0;

  /**
   * @param onChange called when it opens and when it closes
   * @param nowMs a clock that never goes back
   */
  constructor(onChange: (isOpen: boolean) => void, nowMs = () => performance.now()) {
    this.#onChange = onChange;
    this.#nowMs = nowMs;
  }

  /** @returns null if the call is not to be sent */
  admit(): Attempt | null {
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
        return this.#attempt();
      case 'open': {
        if (this.#nowMs() < state.untilMs) return null;
        const probe = this.#attempt();
        this.#state = { kind: 'probing', probe };
        return probe;
      }
      case 'probing':
        return null;
      default:
        return assertNever(state, 'CircuitBreaker.admit');
    }
  }

  #attempt(): Attempt {
    const answersBefore = this.#answers;
    const attempt: Attempt = {
      // A neighbor that answers is there, even if the call was sent before the others failed.
      answered: () => {
        this.#answers += 1;
        this.#close();
      },
      // Of very many calls those that have waited in vain fail at the same moment, while it answers.
      failed: () => this.#note(attempt, this.#answers === answersBefore ? 1 : 0),
      undecided: () => this.#note(attempt, 0),
    };
    return attempt;
  }

  #close(): void {
    const wasOpen = this.#state.kind !== 'closed';
    this.#state = { kind: 'closed', failures: 0 };
    if (wasOpen) this.#onChange(false);
  }

  #note(attempt: Attempt, failures: 0 | 1): void {
    const state = this.#state;
    switch (state.kind) {
      case 'closed': {
        const inARow = state.failures + failures;
        this.#state = inARow < FAILURES ? { kind: 'closed', failures: inARow } : this.#opened();
        if (inARow >= FAILURES) this.#onChange(true);
        return;
      }
      case 'probing':
        // Calls from before it opened end late, and say nothing new.
        if (state.probe === attempt) this.#state = this.#opened();
        return;
      case 'open':
        return;
      default:
        assertNever(state, 'CircuitBreaker.note');
    }
  }

  #opened(): State {
    return { kind: 'open', untilMs: this.#nowMs() + PAUSE_MS };
  }
}
