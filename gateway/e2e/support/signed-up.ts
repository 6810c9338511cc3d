import { TraderClient } from './trader-client.ts';

const SIGN_UP = `mutation ($input: SignUpInput!) {
  signUp(input: $input) { ... on SignedIn { accessToken } }
}`;
const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }`;

/** Somebody new on a desk that accepts new users, with this much in their account. */
export async function signedUp(
  origin: string,
  { asset, amount }: { readonly asset: string; readonly amount: string },
): Promise<TraderClient> {
  const anonymous = new TraderClient(origin, null);
  const input = { email: 'new@desk.example', password: 'correct horse battery', name: 'New' };
  const { signUp } = await anonymous.request<{ signUp: { accessToken: string } }>(SIGN_UP, {
    input,
  });
  await anonymous.close();
  const { accessToken } = signUp;
  const unknown = new TraderClient(origin, { accountId: '', apiKey: '', accessToken });
  const { viewer } = await unknown.request<{ viewer: { accounts: readonly { id: string }[] } }>(
    '{ viewer { accounts { id } } }',
  );
  await unknown.close();
  const accountId = viewer.accounts[0]?.id ?? '';
  const trader = new TraderClient(origin, { accountId, apiKey: '', accessToken });
  await trader.request(DEPOSIT, { input: { transferId: 'first', accountId, asset, amount } });
  return trader;
}
