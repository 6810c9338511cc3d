import {
  parseAssetCode,
  parseWithdrawalAddressId,
  type TransferId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import type { MoveMoney } from '../domain/ledger-command.ts';
import type { CommandKey } from '../domain/ledger-outcome.ts';
import type { Rail } from '../domain/rail.ts';
import type {
  MovementAsker,
  MovementStanding,
  MovementStandings,
} from '../identity/withdrawals/movement-standing.ts';
import type { AccountClient } from './account-client.ts';
import { assertCredential } from './lock-user.ts';

interface StandingRow {
  readonly from_role: AccountRole | null;
  readonly to_role: AccountRole | null;
  readonly is_answered: boolean;
  readonly suspended: readonly Rail[];
  readonly reaches_others: boolean;
  readonly has_switch: boolean;
  readonly off_from: Date | null;
  readonly asset_code: string | null;
  readonly usable_from: Date | null;
}

const KIND: CommandKey['kind'] = 'moveMoney';

/** How movements stand in PostgreSQL: one statement, and one for the credential beside it. */
export class MovementStandingQueries implements MovementStandings {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async standingOf(asker: MovementAsker, movement: MoveMoney): Promise<MovementStanding> {
    const [row] = await Promise.all([this.#rowOf(asker, movement), this.assertCredential(asker)]);
    const { asset_code: asset, usable_from: usableFrom } = row;
    return {
      fromRole: row.from_role,
      toRole: row.to_role,
      isAnswered: row.is_answered,
      suspended: row.suspended,
      reachesOthers: row.reaches_others,
      savedAddresses: row.has_switch ? { offFromMs: row.off_from?.getTime() ?? null } : null,
      address:
        asset === null || usableFrom === null
          ? null
          : { asset: trusted(parseAssetCode, asset), usableFromMs: usableFrom.getTime() },
    };
  }

  async isAnswered(issuer: UserId, id: TransferId) {
    return (await this.#client.fundsCommand.count({ where: { issuer, kind: KIND, id } })) > 0;
  }

  assertCredential(asker: MovementAsker): Promise<void> {
    return assertCredential(this.#client, asker);
  }

  async #rowOf(
    { userId }: MovementAsker,
    { transferId, from, to, asset, addressId = null }: MoveMoney,
  ): Promise<StandingRow> {
    const savedId = addressId === null ? null : parseWithdrawalAddressId(addressId);
    const rows = await this.#client.$queryRaw<[StandingRow]>`
      SELECT f.role::text AS from_role, t.role::text AS to_role,
        EXISTS (SELECT FROM funds_commands c
          WHERE c.issuer = u.id AND c.kind = ${KIND} AND c.id = ${transferId}) AS is_answered,
        ARRAY(SELECT r.rail::text FROM rail_suspensions r
          WHERE r.asset_code = ${asset}) AS suspended,
        EXISTS (SELECT FROM account_members o
          WHERE o.account_id = ${to} AND o.role = 'OWNER' AND NOT EXISTS (
            SELECT FROM account_members b
            WHERE b.account_id = ${from} AND b.role = 'OWNER' AND b.user_id = o.user_id
          )) AS reaches_others,
        s.user_id IS NOT NULL AS has_switch, s.off_from, w.asset_code, w.usable_from
      FROM users u
      LEFT JOIN account_members f ON f.account_id = ${from} AND f.user_id = u.id
      LEFT JOIN account_members t ON t.account_id = ${to} AND t.user_id = u.id
      LEFT JOIN saved_addresses_switches s ON s.user_id = u.id
      LEFT JOIN withdrawal_addresses w
        ON w.id = ${savedId} AND w.user_id = u.id AND w.removed_at IS NULL
      WHERE u.id = ${userId}`;
    return rows[0];
  }
}
