import { type SubgraphAnswer, UnescapedAnswer } from '#shared/subgraph/subgraph-answer.ts';
import { isJsonObject, type JsonObject, setOwn } from './execution/own-property.ts';
import { mayJoin } from './operation-deadline.ts';

interface Flight {
  readonly answer: Promise<SubgraphAnswer>;
  /** When it is given up, by `performance.now()`. */
  readonly endsAtMs: number;
  /** Callers that have not taken the answer yet. */
  takers: number;
}

/** A read that can be joined. */
interface SharedRead {
  readonly endsAtMs: number;
  readonly isChangeable: boolean;
  readonly send: () => Promise<SubgraphAnswer>;
}

/**
 * Reads of a subgraph that several ask for at the same moment and that are sent once. Not a cache:
 * a call that was answered is forgotten. Each caller gets an answer of its own, because plans write
 * into it.
 */
export class SharedReads {
  readonly #flights = new Map<string, Flight>();

  /**
   * Joins the call of this key, or sends one. All callers share its failure.
   * @param key the same only if the answer is
   * @param options.endsAtMs until when the caller waits; a call that ends much earlier is not
   *   joined
   * @param options.isChangeable whether clients can change what is read: a call that has been sent
   *   is not joined then, because who asks later may have changed it since, here or elsewhere
   * @param options.onJoin called if this joins another request's call
   */
  async share(
    key: string,
    options: SharedRead & { readonly onJoin: () => void },
  ): Promise<SubgraphAnswer> {
    const known = this.#flights.get(key);
    const isJoined = known !== undefined && mayJoin(known, options.endsAtMs);
    const flight = isJoined ? known : this.#begin(key, options);
    if (isJoined) options.onJoin();
    flight.takers += 1;
    const answer = await flight.answer;
    flight.takers -= 1;
    // Nobody can join it now, and the last caller can have the original.
    if (flight.takers === 0) return answer;
    const copy = copied(answer) as SubgraphAnswer;
    return answer instanceof UnescapedAnswer ? new UnescapedAnswer(copy) : copy;
  }

  #begin(key: string, { endsAtMs, isChangeable, send }: SharedRead): Flight {
    const forget = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const depart = () => {
      forget();
      return send();
    };
    const answer = isChangeable ? afterThis().then(depart) : send();
    const flight: Flight = { answer: answer.finally(forget), endsAtMs, takers: 0 };
    this.#flights.set(key, flight);
    return flight;
  }
}

/** Resolves when everything ready to run has run: queries that begin together have sent their reads by then. */
function afterThis(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') setOwn(copy, key, copied(value[key]));
    else copy[key] = copied(value[key]);
  }
  return copy;
}
