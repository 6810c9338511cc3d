import type { TraderClient } from './trader-client.ts';

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret apiKey { id } } ... on ApiKeyRefused { reason message }
} }`;

/** Revokes the key with this `$id`. */
export const REVOKE_KEY = `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }`;

/** Creates a key of a trader, which can read the accounts if the settings do not say otherwise. */
export async function aKeyOf(trader: TraderClient, settings: object = {}) {
  const input = { name: 'bot', scopes: ['ACCOUNT_READ'], ...settings };
  const { createApiKey } = await trader.request<{
    createApiKey: { readonly secret: string; readonly apiKey: { readonly id: string } };
  }>(CREATE, { input });
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}
