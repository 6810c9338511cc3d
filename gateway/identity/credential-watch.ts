import type { Clock } from '#shared/domain/clock.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { type Authenticator, hasEnded, isRefusedCredential } from './authenticate.ts';
import { lastingCredential } from './credential.ts';
import { type Identity, isSamePrincipal } from './identity.ts';

/** From one look at every credential to the next: what was ended is cut off within a second. */
const ROUND_MS = 700;
/** Questions under way at a time; with more credentials than these allow a round takes longer. */
const AT_ONCE = 16;

interface Watched {
  readonly connected: Connected;
  readonly identity: Identity;
}

/** Something that lives on a credential for longer than one request. */
export interface Connected {
  /** Null while nobody has shown who it is. */
  readonly identity: Identity | null;
  /** The same principal with the same rights, as it now is: it may end at another time. */
  renew(viewer: Viewer): void;
  /** The identity is no longer good. @param reason at most 123 bytes, for the client */
  revoke(reason: string): void;
}

/**
 * Asks again and again whether the credentials that sockets and event streams live on are still what
 * they were: each credential once a round, however many connections it has. While that cannot be
 * found out nothing is ended; what a token itself says about its end holds all the same.
 */
export class CredentialWatch {
  readonly #authenticator: Authenticator;
  readonly #clock: Clock;
  readonly #connected = new Set<Connected>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(authenticator: Authenticator, clock: Clock) {
    this.#clock = clock;
    this.#authenticator = authenticator;
    this.#schedule();
  }

  /** Looks after a connection. @returns what ends that; it may be called more than once */
  add(connected: Connected): () => void {
    this.#connected.add(connected);
    return () => void this.#connected.delete(connected);
  }

  /** Asks no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#round().finally(() => this.#schedule()), ROUND_MS);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    const left = this.#byCredential().values();
    let isReachable = true;
    const askOneByOne = async () => {
      for (const watched of left) {
        // One that cannot be checked is like the others: no use in asking, and failing, for all.
        if (!isReachable) return;
        if (!(await this.#check(watched))) isReachable = false;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askOneByOne));
  }

  #byCredential(): ReadonlyMap<string, readonly Watched[]> {
    const groups = new Map<string, Watched[]>();
    for (const connected of this.#connected) {
      const { identity } = connected;
      if (identity === null || identity.viewer.kind !== 'trader') continue;
      const key = JSON.stringify(lastingCredential(identity.credential));
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ connected, identity }]);
      else group.push({ connected, identity });
    }
    return groups;
  }

  /** @returns false when it cannot be found out now */
  async #check(watched: readonly Watched[]): Promise<boolean> {
    const [first] = watched;
    if (first === undefined) return true;
    let viewer: Viewer | null;
    try {
      viewer = await this.#authenticator.authenticate(
        lastingCredential(first.identity.credential),
        0,
      );
    } catch (cause) {
      if (!isRefusedCredential(cause)) return false; // the authenticator has logged it
      viewer = null;
    }
    for (const { connected, identity } of watched) {
      if (connected.identity !== identity) continue; // it has shown another one meanwhile
      if (hasEnded(identity.viewer, this.#clock.now())) connected.revoke('Credential expired');
      else if (viewer === null) connected.revoke('Credential ended');
      else if (isSamePrincipal(viewer, identity.viewer)) connected.renew(viewer);
      else connected.revoke('Permissions changed');
    }
    return true;
  }
}
