import type { ApiKeyId } from '#shared/domain/ids.ts';
import type { NonceStore } from '../identity/api-keys/signed-requests.ts';
import type { AccountClient } from './account-client.ts';

const SWEEP_EVERY_MS = 60_000;
/** How long a nonce is kept beyond its use: another process's clock may be behind this one's, or this one be set back. */
const KEPT_MS = 2 * 60_000;

/** Used nonces in PostgreSQL, so that every process of this subgraph sees all of them. */
export class PostgresNonceStore implements NonceStore {
  readonly #client: AccountClient;
  #sweptAtMs = 0;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async take(keyId: ApiKeyId, nonce: string, time: { nowMs: number; untilMs: number }) {
    const data = [{ keyId, nonce, usedUntil: new Date(time.untilMs) }];
    const { count } = await this.#client.requestNonce.createMany({ data, skipDuplicates: true });
    await this.#sweep(time.nowMs);
    return count === 1;
  }

  /** Deletes nonces whose requests would be refused as too old by every clock. */
  async #sweep(nowMs: number): Promise<void> {
    if (Math.abs(nowMs - this.#sweptAtMs) < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = nowMs;
    const usedUntil = { lt: new Date(nowMs - KEPT_MS) };
    await this.#client.requestNonce.deleteMany({ where: { usedUntil } });
  }
}
