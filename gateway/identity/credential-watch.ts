import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { type Authenticator, hasEnded, isRefusedCredential } from './authenticate.ts';
import { lastingCredential } from './credential.ts';
import { CREDENTIAL_TIMES } from './credential-times.ts';
import type { CredentialFollower } from './follow-credentials.ts';
import { type Identity, keepsItsRights } from './identity.ts';

/** Questions in flight at a time; with more credentials than these allow a round takes longer. */
const AT_ONCE = 16;

interface Watched {
  readonly connected: Connected;
  readonly identity: Identity;
}

/** Something that depends on a credential for longer than one request. */
export interface Connected {
  /** Null until a credential has been shown. */
  readonly identity: Identity | null;
  /** The same principal with at least the same rights: its expiry may have changed, or it gained accounts. */
  renew(viewer: Viewer): void;
  /** The identity is no longer valid. @param reason at most 123 bytes, for the client */
  revoke(reason: string): void;
}

/**
 * Checks whether the credentials that sockets and event streams depend on are still valid: at once
 * when a change of their user is published, and regularly without that, since a publication can be
 * lost. Each credential is asked about once a round, however many connections it has. While the
 * account subgraph does not answer nothing is ended, but the expiry that a token itself states
 * still holds.
 */
export class CredentialWatch implements CredentialFollower {
  readonly #authenticator: Authenticator;
  readonly #clock: Clock;
  readonly #roundMs: number;
  readonly #connected = new Set<Connected>();
  /**
   * The users to ask about because a change was published, and whether another one was published
   * since.
   */
  readonly #toldOf = new Map<UserId | null, { isAgain: boolean }>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param roundMs see {@link CREDENTIAL_TIMES} */
  constructor(
    authenticator: Authenticator,
    clock: Clock,
    roundMs: number = CREDENTIAL_TIMES.roundMs,
  ) {
    this.#clock = clock;
    this.#authenticator = authenticator;
    this.#roundMs = roundMs;
    this.#schedule();
  }

  /** Watches a connection. @returns a function that ends this; it can be called more than once */
  add(connected: Connected): () => void {
    this.#connected.add(connected);
    return () => void this.#connected.delete(connected);
  }

  /**
   * Checks this user's credentials now, or everybody's; one check at a time, however often it is
   * called.
   */
  lookAgain(userId: UserId | null): void {
    const told = this.#toldOf.get(userId);
    if (told === undefined) void this.#lookAgain(userId);
    else told.isAgain = true;
  }

  /** Stops asking. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const round = () => void this.#round(null).finally(() => this.#schedule());
    this.#timer = setTimeout(round, this.#roundMs);
    this.#timer.unref();
  }

  async #lookAgain(userId: UserId | null): Promise<void> {
    const told = { isAgain: true };
    this.#toldOf.set(userId, told);
    while (told.isAgain && !this.#isStopped) {
      told.isAgain = false;
      await this.#round(userId);
    }
    this.#toldOf.delete(userId);
  }

  /** @param userId whose credentials are checked; null for everybody's */
  async #round(userId: UserId | null): Promise<void> {
    const left = this.#byCredential(userId).values();
    let isReachable = true;
    const askOneByOne = async () => {
      for (const watched of left) {
        // If one cannot be checked the others cannot either: do not ask, and fail, for all.
        if (!isReachable) return;
        if (!(await this.#check(watched))) isReachable = false;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askOneByOne));
  }

  #byCredential(userId: UserId | null): ReadonlyMap<string, readonly Watched[]> {
    const groups = new Map<string, Watched[]>();
    for (const connected of this.#connected) {
      const { identity } = connected;
      if (identity === null || identity.viewer.kind !== 'trader') continue;
      if (userId !== null && identity.viewer.userId !== userId) continue;
      const key = JSON.stringify(lastingCredential(identity.credential));
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ connected, identity }]);
      else group.push({ connected, identity });
    }
    return groups;
  }

  /** @returns false if it cannot be found out now */
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
      const { identity: present } = connected;
      if (present?.credential !== identity.credential) continue; // another one was shown meanwhile
      if (hasEnded(present.viewer, this.#clock.now())) connected.revoke('Credential expired');
      else if (viewer === null) connected.revoke('Credential ended');
      else if (!keepsItsRights(viewer, identity.viewer)) connected.revoke('Permissions changed');
      // Renewed by another check that was asking too: which answer is the newer one is not known.
      // But what was found to have ended since this check began has ended.
      else if (present === identity) connected.renew(viewer);
    }
    return true;
  }
}
