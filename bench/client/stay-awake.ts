/** Longer than the pause between two deliveries of one event. */
const AWAKE_MS = 0.3;

/**
 * Keeps the process polling its sockets for a moment after each delivery instead of sleeping. Waking up
 * costs more than a read, and would count as the server's delay.
 */
export class StayAwake {
  #untilMs = 0;
  #isAwake = false;

  /** Notes a delivery: more may follow immediately. */
  extend(): void {
    this.#untilMs = performance.now() + AWAKE_MS;
    if (this.#isAwake) return;
    this.#isAwake = true;
    setImmediate(() => this.#look());
  }

  #look(): void {
    this.#isAwake = performance.now() < this.#untilMs;
    if (this.#isAwake) setImmediate(() => this.#look());
  }
}
