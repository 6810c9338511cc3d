/** A pause is this many times as long as it took to send what was sent before it. */
const PAUSES = 3;
/** A gateway that reads nothing for a while is not the user's doing. */
const LONGEST_PAUSE_MS = 1000;

/** The right to send a snapshot, or a page of a long replay. */
export interface SendingTurn {
  /** It is being sent. */
  begin(): void;
  /** It has been sent, or never will be. */
  end(): void;
}

/**
 * Lets the snapshots of one user, and the pages of replays, be sent one after the other, with a pause
 * after each. A user can open hundreds of streams at once, the snapshot of an account with thousands
 * of open orders holds the process for a good part of a second, and a replay of many events all of
 * the time: so most of the time is left for everybody else.
 */
export class SendingTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** Waits for a turn. It must be ended, or no other one of this user begins. */
  async take(user: string): Promise<SendingTurn> {
    const before = this.#last.get(user);
    let pass: () => void = () => {};
    const mine = new Promise<void>((resolve) => (pass = resolve));
    this.#last.set(user, mine);
    await before;
    let begunAtMs: number | null = null;
    const leave = () => {
      if (this.#last.get(user) === mine) this.#last.delete(user);
      pass();
    };
    return {
      begin: () => void (begunAtMs = performance.now()),
      end: () => {
        const tookMs = begunAtMs === null ? 0 : performance.now() - begunAtMs;
        setTimeout(leave, Math.min(PAUSES * tookMs, LONGEST_PAUSE_MS)).unref();
      },
    };
  }
}
