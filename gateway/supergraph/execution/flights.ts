import { mayJoin } from '../operation-deadline.ts';

interface Flight<Value> {
  readonly result: Promise<Value>;
  /** When it is given up, by `performance.now()`. */
  readonly endsAtMs: number;
}

/**
 * Work that several callers ask for at the same moment and that is done once. Not a cache: a flight
 * that has landed is forgotten, and so is one that failed.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /**
   * Joins the flight of this key, or begins one. A caller that leaves early ends it for nobody
   * else.
   * @param endsAtMs until when the caller waits; a flight that ends much earlier is not joined
   */
  share(key: string, endsAtMs: number, work: () => Promise<Value>): Promise<Value> {
    const known = this.#flights.get(key);
    if (known !== undefined && mayJoin(known, endsAtMs)) return known.result;
    const forget = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const flight: Flight<Value> = { result: work().finally(forget), endsAtMs };
    this.#flights.set(key, flight);
    return flight.result;
  }
}
