/** Longer than the pause between two deliveries of one event. */
const AWAKE_MS = 0.3;

/**
 * Keeps the process looking at its sockets for a moment after each delivery instead of going to sleep:
 * waking it costs more than a read, and would be measured as the server's delay.
 */
export class StayAwake {
  #untilMs = 0;
  #isAwake = false;

  /** Something came: more of it may follow at once. */
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
