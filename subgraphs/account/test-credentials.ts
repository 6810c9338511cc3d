import { GATEWAY, type TestServer } from './test-server.ts';

const AUTHENTICATE = `query ($credential: CredentialInput!) {
  authenticate(credential: $credential) {
    principal { userId keyId secretId sessionId scopes accounts { accountId role } expiresAt }
    reason
  }
}`;

/** What the gateway is answered about a credential. */
export interface Authentication {
  readonly principal: {
    readonly secretId: string;
    readonly scopes: readonly string[];
    readonly accounts: readonly { readonly accountId: string }[];
    readonly expiresAt: string | null;
  } | null;
  readonly reason: string | null;
}
/** Asks about a credential as the gateway does. */
export async function verdictOn(server: TestServer, credential: object): Promise<Authentication> {
  const { data } = await server.subgraph.request<{ authenticate: Authentication }>(
    GATEWAY,
    AUTHENTICATE,
    { credential },
  );
  return data.authenticate;
}
