import type { UserId } from '#shared/domain/ids.ts';
import type { GuardConnection } from '../../subgraphs/order/domain/safety-switches.ts';
import type { ClientSurroundings } from './client-surroundings.ts';

const REPORT_EVERY_MS = 2000;
const LIFE_MS = 10_000;
const TIMEOUT_MS = 5000;
/** The share of lost connections that the client closed in order: their orders stay. */
const RELEASED_SHARE = 0.4;

/** The share of the others whose orders the next connection takes over. */
const TAKEN_OVER_SHARE = 0.5;

/** A client's connection that guards orders, as its gateway reports it while clients trade. */
export class GuardingConnection {
  readonly #surroundings: ClientSurroundings;
  #connections = 1;

  constructor(surroundings: ClientSurroundings) {
    this.#surroundings = surroundings;
    this.#reportAgain();
  }

  /** The id of the connection that there is now. */
  get id(): string {
    return `${this.#surroundings.accountId}-${this.#connections}`;
  }

  /** Ends the connection, in order or not, and opens the next one. */
  async lose(): Promise<void> {
    const connectionId = this.id;
    this.#connections += 1;
    const { accountId, misfortune } = this.#surroundings;
    const isReleased = misfortune.random.chance(RELEASED_SHARE);
    if (isReleased) await this.#report({ connectionId, lifeMs: null });
    const next = { connectionId: this.id, lifeMs: LIFE_MS };
    const isTakenOver = misfortune.random.chance(TAKEN_OVER_SHARE);
    const userId = accountId as string as UserId;
    const takeOver = { connectionId, userId, accountIds: [accountId] };
    await this.#report(isTakenOver ? { ...next, takeOver } : next);
  }

  /** Once it is calm nobody reports any more, and every guarded order ends. */
  #reportAgain(): void {
    const { time, misfortune } = this.#surroundings;
    void this.#report({ connectionId: this.id, lifeMs: LIFE_MS });
    time.after(REPORT_EVERY_MS, () => {
      if (!misfortune.isCalm) this.#reportAgain();
    });
  }

  async #report(connection: GuardConnection): Promise<void> {
    const { desk, network } = this.#surroundings;
    await network
      .call(async () => desk().guardConnections([connection]), TIMEOUT_MS)
      .catch(() => undefined);
  }
}
