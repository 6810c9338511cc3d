import { mayJoin } from '../operation-deadline.ts';

interface Flight<Value> {
  readonly result: Promise<Value>;
  /** When it is given up, by `performance.now()`. */
  readonly endsAtMs: number;
}

/** A moment at which everything begins that waits for it. */
interface Departure {
  readonly left: Promise<void>;
  /** By `performance.now()`. */
  readonly openedAtMs: number;
  /** Lets it be now; it can be called more than once. */
  readonly depart: () => void;
}

/** Nothing waits longer for others to join it, once others arrive. */
const LONGEST_WAIT_MS = 1;

/** What a caller asks for. */
export interface Fare {
  /** Until when the caller waits; a flight that ends much earlier is not joined. */
  readonly endsAtMs: number;
  /**
   * Whether clients can change what is read. A client that has changed it, here or over another
   * gateway, must read its change: such work begins at the end of this turn of the event loop, and
   * is joined before that alone.
   */
  readonly isChangeable: boolean;
}

/**
 * Work that several callers ask for at the same moment and that is done once. Not a cache: a flight
 * that has landed is forgotten, and so is one that failed.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();
  /** What begins with the end of this turn; null if nothing does. */
  #departure: Departure | null = null;

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

  /**
   * The end of this turn, when everything that has arrived by now was handled. Not later than that,
   * and earlier in a turn that is long, because its queries are planned.
   */
  #endOfTurn(): Promise<void> {
    const now = performance.now();
    if (this.#departure !== null && now - this.#departure.openedAtMs > LONGEST_WAIT_MS)
      this.#departure.depart();
    return (this.#departure ??= this.#open(now)).left;
  }

  #open(openedAtMs: number): Departure {
    let leave = () => {};
    const left = new Promise<void>((resolve) => (leave = resolve));
    const departure: Departure = {
      left,
      openedAtMs,
      depart: () => {
        if (this.#departure === departure) this.#departure = null;
        leave();
      },
    };
    setImmediate(departure.depart);
    return departure;
  }
}
