import { type AssetCode, parseAssetCode, trusted } from '#shared/domain/ids.ts';
import type { RailChange, RailReads, RailSuspension } from '../domain/rail.ts';
import type { AccountClient } from './account-client.ts';

/** Suspended rails in PostgreSQL. They are read with every movement, so a change holds from the next one on. */
export class RailStore implements RailReads {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async suspensionsOf(assets: readonly AssetCode[]) {
    const rows = await this.#client.railSuspension.findMany({
      where: { assetCode: { in: [...assets] } },
    });
    return rows.map(({ assetCode, rail, reason, since }): RailSuspension => ({
      asset: trusted(parseAssetCode, assetCode),
      rail,
      reason,
      sinceMs: since.getTime(),
    }));
  }

  /**
   * Suspends a rail of an asset that there is, or resumes it, and records that. One that is suspended gets the new reason,
   * and keeps its time.
   * @returns whether anything changed; if not, nothing is recorded
   */
  async change({ asset, rail, reason, operator, atMs }: RailChange): Promise<boolean> {
    const at = new Date(atMs);
    const count =
      reason === null
        ? await this.#client.$executeRaw`
            WITH changed AS (
              DELETE FROM rail_suspensions WHERE asset_code = ${asset} AND rail = ${rail}::rail
              RETURNING asset_code, rail
            )
            INSERT INTO rail_changes (asset_code, rail, operator, changed_at)
            SELECT asset_code, rail, ${operator}::text, ${at}::timestamptz FROM changed`
        : await this.#client.$executeRaw`
            WITH changed AS (
              INSERT INTO rail_suspensions AS known (asset_code, rail, reason, since)
              VALUES (${asset}, ${rail}::rail, ${reason}, ${at}::timestamptz)
              ON CONFLICT (asset_code, rail) DO UPDATE SET reason = excluded.reason
                WHERE known.reason <> excluded.reason
              RETURNING asset_code, rail, reason
            )
            INSERT INTO rail_changes (asset_code, rail, reason, operator, changed_at)
            SELECT asset_code, rail, reason, ${operator}::text, ${at}::timestamptz FROM changed`;
    return count > 0;
  }

  /** What was done to the rails of an asset, or of all for null, newest first. */
  async changesOf(asset: AssetCode | null, limit: number): Promise<readonly RailChange[]> {
    const rows = await this.#client.railChange.findMany({
      where: asset === null ? {} : { assetCode: asset },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(({ assetCode, rail, reason, operator, changedAt }) => ({
      asset: trusted(parseAssetCode, assetCode),
      rail,
      reason,
      operator,
      atMs: changedAt.getTime(),
    }));
  }
}
