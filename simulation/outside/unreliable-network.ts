import type { Misfortune } from '../misfortune.ts';
import type { VirtualTime } from '../virtual-time.ts';

const LOST_SHARE = 0.06;
const TWICE_SHARE = 0.08;
const SLOW_SHARE = 0.08;
const SLOWEST_MS = 6000;
const USUAL_MS = 20;

/** No answer arrived in time; the call may or may not have been delivered. */
class NoAnswerError extends Error {
  constructor() {
    super('No answer came in time.');
    this.name = 'NoAnswerError';
  }
}

/** Delivers calls and their answers late, out of order, twice or not at all. */
export class UnreliableNetwork {
  readonly #time: VirtualTime;
  readonly #misfortune: Misfortune;

  constructor(time: VirtualTime, misfortune: Misfortune) {
    this.#time = time;
    this.#misfortune = misfortune;
  }

  /**
   * Makes a call. @param deliver runs at the other end, once for each time the call arrives
   * @throws NoAnswerError after `timeoutMs`, even if the call still arrives later; or what `deliver` threw
   */
  call<Answer>(deliver: () => Promise<Answer>, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#time.after(timeoutMs, () => reject(new NoAnswerError()));
      const copies = this.#misfortune.strikes(TWICE_SHARE) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1)
        this.#travel(() =>
          deliver().then(
            (answer) => this.#travel(() => resolve(answer)),
            (cause: Error) => this.#travel(() => reject(cause)),
          ),
        );
    });
  }

  #travel(arrive: () => unknown): void {
    if (this.#misfortune.strikes(LOST_SHARE)) return;
    const longest = this.#misfortune.strikes(SLOW_SHARE) ? SLOWEST_MS : USUAL_MS;
    this.#time.after(this.#misfortune.random.between(1, longest), arrive);
  }
}
