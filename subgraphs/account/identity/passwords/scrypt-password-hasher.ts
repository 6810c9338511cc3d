import { randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { keepNewest } from '#shared/domain/keep-newest.ts';
import type { HashingPlace, PasswordHasher, PasswordVerdict } from '../credentials.ts';
import { type HashingFor, ScryptProcess } from './scrypt-process.ts';

const HASH_BYTES = 32;
const SALT_BYTES = 16;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 1;
/** Rounds as a power of two; 17 takes 128 MiB and some 0.4 s. */
const COST_LOG2 = 17;
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
/** Each takes a process and 128 MiB. One core is left for everything else. */
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Few enough that each is answered before the gateway's deadline. */
const WAITING_FOR_EACH = 4;
/** Of how many networks it is remembered when something was hashed for them. */
const MAX_NETWORKS = 10_000;

/** What is hashed, at which cost, and for whom. */
interface Derivation {
  readonly password: string;
  readonly salt: Buffer;
  readonly costLog2: number;
  readonly place: HashingPlace | null;
}

/** Where hashes wait. */
type Queue = 'known' | 'strangers';

/** A hash that waits, of which one function is called. */
interface Waiting {
  readonly place: HashingPlace | null;
  readonly begin: () => void;
  readonly turnAway: () => void;
}

/** The queue is full. */
class QueueFullError extends Error {}

/**
 * Passwords by scrypt, stored as `scrypt$<log2 of N>$<salt>$<hash>`. At most two hashes run at once, or one on a machine
 * with two cores or fewer. For each of them, four wait in each queue; beyond that `verify` answers `busy`, so that
 * sign-ins cannot take over the machine. While others wait, a wrong password is followed by a pause as long as its hash
 * took: a flood of guesses gets half of the time, and a rush of users who know their passwords all of it. A known network
 * waits with one hash at a time neither for strangers nor for these pauses, and if too many known networks wait, the one
 * that had a hash last is turned away for one that had none for longer.
 */
export class ScryptPasswordHasher implements PasswordHasher {
  readonly #costLog2: number;
  readonly #atOnce: number;
  readonly #waiting: Readonly<Record<Queue, Waiting[]>> = { known: [], strangers: [] };
  /** The known networks whose hash goes first at the moment. */
  readonly #preferred = new Set<string>();
  /** By network, the number of the last hash that began for it. */
  readonly #lastHash = new Map<string, number>();
  #begun = 0;
  readonly #idle: Readonly<Record<HashingFor, ScryptProcess[]>> = { alone: [], crowd: [] };
  /** Functions that end a pause early. */
  readonly #rests = new Set<() => void>();
  #running = 0;

  /**
   * @param options.costLog2 lower only in tests
   * @param options.atOnce how many run at once; set only in tests
   */
  constructor(options: { readonly costLog2?: number; readonly atOnce?: number } = {}) {
    this.#costLog2 = options.costLog2 ?? COST_LOG2;
    this.#atOnce = options.atOnce ?? AT_ONCE;
  }

  isFull(place: HashingPlace | null): boolean {
    const queue = this.#queueFor(place);
    return this.#isQueueFull(queue) && this.#laterThan(queue, place) === undefined;
  }

  #isQueueFull(queue: Queue): boolean {
    const mostWaiting = WAITING_FOR_EACH * this.#atOnce;
    return this.#running >= this.#atOnce && this.#waiting[queue].length >= mostWaiting;
  }

  async hash(password: string, place: HashingPlace | null = null): Promise<string | null> {
    const salt = randomBytes(SALT_BYTES);
    const derivation = { password, salt, costLog2: this.#costLog2, place };
    const hash = await this.#derive(derivation).catch(nullWhenFull);
    if (hash === null) return null;
    return `scrypt$${this.#costLog2}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
  }

  async verify(
    password: string,
    stored: string | null,
    place: HashingPlace | null,
  ): Promise<PasswordVerdict> {
    const { costLog2, salt, hash } = this.#parse(stored);
    const isRight = (given: Buffer) => timingSafeEqual(given, hash) && stored !== null;
    try {
      const given = await this.#derive({ password, salt, costLog2, place }, isRight);
      return isRight(given) ? 'right' : 'wrong';
    } catch (cause) {
      if (cause instanceof QueueFullError) return 'busy';
      throw cause;
    }
  }

  close(): void {
    for (const idle of Object.values(this.#idle))
      for (const hashing of idle.splice(0)) hashing.close();
  }

  #parse(stored: string | null) {
    if (stored === null)
      return {
        costLog2: this.#costLog2,
        salt: Buffer.alloc(SALT_BYTES),
        hash: Buffer.alloc(HASH_BYTES),
      };
    const [, costLog2 = '', salt = '', hash = ''] = stored.split('$');
    return {
      costLog2: parseInt(costLog2, 10),
      salt: Buffer.from(salt, 'base64url'),
      hash: Buffer.from(hash, 'base64url'),
    };
  }

  /** @param isRight whether the hash is the right one; a wrong one is followed by a pause while others wait */
  async #derive(
    derivation: Derivation,
    isRight: (hash: Buffer) => boolean = () => true,
  ): Promise<Buffer> {
    const { place } = derivation;
    if (place === null || this.#queueFor(place) === 'strangers')
      return this.#deriveIn('strangers', derivation, isRight);
    this.#preferred.add(place.network);
    try {
      return await this.#deriveIn('known', derivation, isRight);
    } finally {
      this.#preferred.delete(place.network);
    }
  }

  #queueFor(place: HashingPlace | null): Queue {
    return place?.isKnown === true && !this.#preferred.has(place.network) ? 'known' : 'strangers';
  }

  async #deriveIn(
    queue: Queue,
    { password, salt, costLog2, place }: Derivation,
    isRight: (hash: Buffer) => boolean,
  ): Promise<Buffer> {
    await this.#enter(queue, place);
    if (place !== null)
      keepNewest(this.#lastHash, [place.network, (this.#begun += 1)], MAX_NETWORKS);
    const settings = {
      N: 2 ** costLog2,
      r: BLOCK_SIZE,
      p: PARALLELIZATION,
      maxmem: MAX_MEMORY_BYTES,
    };
    const { known, strangers } = this.#waiting;
    const hashingFor = known.length + strangers.length > 0 ? 'crowd' : 'alone';
    const hashing = this.#idle[hashingFor].pop() ?? new ScryptProcess(hashingFor);
    const startedAtMs = performance.now();
    let restMs = 0;
    try {
      const task = { password: password.normalize('NFKC'), salt, length: HASH_BYTES, settings };
      const hash = await hashing.derive(task);
      if (hashingFor === 'crowd' && !isRight(hash)) restMs = performance.now() - startedAtMs;
      return hash;
    } finally {
      if (hashing.isAlive) this.#idle[hashingFor].push(hashing);
      // A pause makes strangers wait. It is pointless without them, and would delay a known user.
      if (restMs > 0 && known.length === 0 && strangers.length > 0) this.#rest(restMs);
      else this.#leave();
    }
  }

  async #enter(queue: Queue, place: HashingPlace | null): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return;
    }
    const waiting = this.#waiting[queue];
    if (this.#isQueueFull(queue)) {
      const later = this.#laterThan(queue, place);
      if (later === undefined) throw new QueueFullError();
      waiting.splice(waiting.indexOf(later), 1);
      later.turnAway();
    }
    const entered = new Promise<void>((begin, refuse) => {
      waiting.push({ place, begin, turnAway: () => refuse(new QueueFullError()) });
    });
    if (queue === 'known') this.#rests.values().next().value?.();
    await entered;
  }

  /** The one of those waiting that had a hash last, if that was later than this network's last one. */
  #laterThan(queue: Queue, place: HashingPlace | null): Waiting | undefined {
    if (queue === 'strangers') return undefined;
    const [last] = this.#waiting.known.toSorted(
      (one, other) => this.#lastHashOf(other.place) - this.#lastHashOf(one.place),
    );
    return this.#lastHashOf(last?.place) > this.#lastHashOf(place) ? last : undefined;
  }

  #lastHashOf(place: HashingPlace | null = null): number {
    return this.#lastHash.get(place?.network ?? '') ?? 0;
  }

  /** Keeps a place unused for a time, or until a known user needs it. */
  #rest(forMs: number): void {
    const end = () => {
      clearTimeout(timer);
      this.#rests.delete(end);
      this.#leave();
    };
    const timer = setTimeout(end, forMs);
    this.#rests.add(end);
  }

  /** Passes the place on, or frees it. When nobody waits any more, all pauses end. */
  #leave(): void {
    const { known, strangers } = this.#waiting;
    const next = known.shift() ?? strangers.shift();
    if (next === undefined) this.#running -= 1;
    else next.begin();
    if (known.length + strangers.length === 0) for (const end of [...this.#rests]) end();
  }
}

function nullWhenFull(cause: unknown): null {
  if (cause instanceof QueueFullError) return null;
  throw cause;
}
