import { mayJoin } from '../operation-deadline.ts';

interface Flight<Value> {
  readonly result: Promise<Value>;
  /** When it is given up, by `performance.now()`. */
  readonly endsAtMs: number;
}

/** What a caller asks for. */
export interface Fare {
  /** Until when the caller waits; a flight that ends much earlier is not joined. */
  readonly endsAtMs: number;
  /**
   * Whether clients can change what is read. A client that has changed it, here or over another
   * gateway, must read its change: such work begins after this turn of the event loop, and is
   * joined before that alone.
   */
  readonly isChangeable: boolean;
}

/**
 * Work that several callers ask for at the same moment and that is done once. Not a cache: a flight
 * that has landed is forgotten, and so is one that failed.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();
  /** The end of this turn; null if nothing waits for it. */
  #departure: Promise<void> | null = null;

  /**
   * Joins the flight of this key, or begins one. A caller that leaves early ends it for nobody
   * else.
   */
  share(key: string, fare: Fare, work: () => Promise<Value>): Promise<Value> {
    const known = this.#flights.get(key);
    if (known !== undefined && mayJoin(known, fare.endsAtMs)) return known.result;
    const forget = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const depart = () => {
      forget();
      return work();
    };
    const result = fare.isChangeable ? this.#endOfTurn().then(depart) : work();
    const flight: Flight<Value> = { result: result.finally(forget), endsAtMs: fare.endsAtMs };
    this.#flights.set(key, flight);
    return flight.result;
  }

  /** Everything that has arrived by now is handled before it. */
  #endOfTurn(): Promise<void> {
    return (this.#departure ??= new Promise((resolve) =>
      setImmediate(() => {
        this.#departure = null;
        resolve();
      }),
    ));
  }
}
