/**
 * Work that several ask for at the same moment and that is done once. No cache: a flight that landed
 * is forgotten, and so is one that failed.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Promise<Value>>();

  /** Joins the flight of this key, or begins one. Whoever leaves early ends it for nobody. */
  share(key: string, work: () => Promise<Value>): Promise<Value> {
    const pending = this.#flights.get(key);
    if (pending !== undefined) return pending;
    const flight = work().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }
}
