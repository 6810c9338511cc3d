import type { TraderClient } from './trader-client.ts';

/** Saves a withdrawal address of a user who has signed in, and closes their client. @returns its id */
export async function savedAddressOf(person: TraderClient): Promise<string> {
  const { addWithdrawalAddress } = await person.request<{
    addWithdrawalAddress: { withdrawalAddress: { id: string } };
  }>(
    `mutation ($input: AddWithdrawalAddressInput!) {
      addWithdrawalAddress(input: $input) {
        ... on WithdrawalAddressAdded { withdrawalAddress { id } }
      }
    }`,
    { input: { asset: 'USDT', address: 'TXk1', label: 'theirs' } },
  );
  await person.close();
  return addWithdrawalAddress.withdrawalAddress.id;
}
