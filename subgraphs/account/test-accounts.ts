import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import type { AccountRole, Trader } from '#shared/identity/viewer.ts';
import { signedIn, startTestServer, type TestServer } from './test-server.ts';

/** Opens an account. */
export const OPEN_ACCOUNT = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) {
  __typename
  ... on AccountOpened { accountId name createdAt replayed closedAt }
  ... on OpenAccountRefused { reason limit }
  ... on ClientAccountIdConflict { accountId differingFields }
} }`;
/** Renames an account. */
export const RENAME_ACCOUNT = `mutation ($input: RenameAccountInput!) { renameAccount(input: $input) {
  __typename ... on AccountRenamed { name } ... on RenameAccountRefused { reason }
} }`;
const TRAIL = '{ viewer { auditTrail { edges { node { action subjectId } } } } }';

/** A seeded trader. */
export type SeededOwner = Awaited<ReturnType<TestServer['aTrader']>>;

/** The answer to opening or renaming an account; fields are there if its member of the union has them. */
export interface AccountAnswer {
  readonly __typename: string;
  readonly accountId?: string;
  readonly name?: string;
  readonly replayed?: boolean;
  readonly closedAt?: string | null;
  readonly reason?: string;
}

/** The trader with one more role, as the gateway sees it a second after the change. */
export function on(accountId: string, trader: SeededOwner, role: AccountRole): Trader {
  return signedIn(trader, { accountId: trusted(parseAccountId, accountId), role });
}

/** An account server on which users open and rename accounts. */
export class AccountsServer {
  readonly server: TestServer;

  private constructor(server: TestServer) {
    this.server = server;
  }

  static async start(): Promise<AccountsServer> {
    return new AccountsServer(await startTestServer());
  }

  open(viewer: Trader, clientAccountId: string, name = 'Grid'): Promise<AccountAnswer> {
    return this.server.ask(viewer, OPEN_ACCOUNT, { clientAccountId, name });
  }

  rename(viewer: Trader, accountId: string, name: string): Promise<AccountAnswer> {
    return this.server.ask(viewer, RENAME_ACCOUNT, { accountId, name });
  }

  /** The trader's audit trail, newest first: each entry's action and the id of its object. */
  async trailOf(trader: SeededOwner): Promise<readonly string[]> {
    const { data } = await this.server.subgraph.request<{
      viewer: { auditTrail: { edges: { node: { action: string; subjectId: string } }[] } };
    }>(signedIn(trader), TRAIL);
    return data.viewer.auditTrail.edges.map(({ node }) => `${node.action} ${node.subjectId}`);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
