import type { TransferId, UserId } from '#shared/domain/ids.ts';
import type { AnsweredMovements } from '../domain/answered-movements.ts';
import type { CommandKey } from '../domain/ledger-outcome.ts';
import type { AccountClient } from './account-client.ts';

/** Answered movements in PostgreSQL. */
export class PostgresAnsweredMovements implements AnsweredMovements {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async isAnswered(issuer: UserId, id: TransferId) {
    const kind: CommandKey['kind'] = 'moveMoney';
    const where = { issuer_kind_id: { issuer, kind, id } };
    return (await this.#client.fundsCommand.findUnique({ where, select: { id: true } })) !== null;
  }
}
