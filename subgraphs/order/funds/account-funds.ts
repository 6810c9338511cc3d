import { randomUUID } from 'node:crypto';
import { parseMoney } from '#shared/domain/money.ts';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import {
  type Funds,
  type FundsCommand,
  type FundsOutcome,
  FundsRefusedError,
} from '../domain/ports/funds.ts';

const TIMEOUT_MS = 2500;
/** The code by which the ledger says that the same commands sent again cannot help. */
const REFUSED = 'BAD_USER_INPUT';
const APPLY_FUNDS = /* GraphQL */ `
  mutation ApplyFunds($commands: [FundsCommandInput!]!) {
    applyFunds(commands: $commands) {
      kind
      free
    }
  }
`;

interface ApplyFundsData {
  readonly applyFunds: readonly {
    readonly kind: FundsOutcome['kind'];
    readonly free: string | null;
  }[];
}

/** The ledger of the account subgraph, over its internal mutation, in this service's own name. */
export class AccountFunds implements Funds {
  readonly #account: SubgraphClient;

  constructor(account: SubgraphClient) {
    this.#account = account;
  }

  /** See {@link Funds.apply}. */
  async apply(commands: readonly FundsCommand[]): Promise<readonly FundsOutcome[]> {
    const { data, errors } = await this.#account.request({
      query: APPLY_FUNDS,
      variables: { commands },
      viewer: { kind: 'service', name: 'order' },
      requestId: randomUUID(),
      timeoutMs: TIMEOUT_MS,
    });
    const outcomes = (data as ApplyFundsData | null | undefined)?.applyFunds;
    if (errors?.some((error) => codeOf(error) === REFUSED) === true)
      throw new FundsRefusedError(JSON.stringify(errors));
    if (errors !== undefined || outcomes?.length !== commands.length)
      throw new Error(
        `The ledger did not return results for the commands: ${JSON.stringify(errors)}`,
      );
    return outcomes.map(({ kind, free }) => ({
      kind,
      free: free === null ? null : parseMoney(free),
    }));
  }
}

function codeOf(error: unknown): unknown {
  return (error as { readonly extensions?: { readonly code?: unknown } } | null)?.extensions?.code;
}
