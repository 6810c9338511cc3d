/** What an id names. `public` is the market's, the same for all. */
export type Kind =
  | 'account'
  | 'clientAccountId'
  | 'user'
  | 'order'
  | 'clientOrderId'
  | 'amend'
  | 'transfer'
  | 'rfq'
  | 'clientRfqId'
  | 'quote'
  | 'comparison'
  | 'apiKey'
  | 'session'
  | 'connection'
  | 'withdrawalAddress'
  | 'public';

const PUBLIC_NAMES = /(\.|\()(symbols?|asset|code|base|quote)(:\))?$/;
const BY_NAME: readonly (readonly [RegExp, Kind])[] = [
  [PUBLIC_NAMES, 'public'],
  [/\.clientAccountId$/, 'clientAccountId'],
  [/accountIds?(:\))?$/i, 'account'],
  [/^Query\.account\(id:\)$/, 'account'],
  [/\.userId$/, 'user'],
  [/^Query\.order\(id:\)$|^OrderReferenceInput\.id$/, 'order'],
  [/clientOrderIds?(:\))?$/, 'clientOrderId'],
  [/\.amendId$/, 'amend'],
  [/\.transferId$/, 'transfer'],
  [/\.rfqId$|^Query\.rfq\(id:\)$|\(rfqId:\)$/, 'rfq'],
  [/clientRfqId(:\))?$/, 'clientRfqId'],
  [/\.quoteId$/, 'quote'],
  [/\.comparisonToken$/, 'comparison'],
  [/^(Rotate|Update|Revoke)ApiKeyInput\.id$/, 'apiKey'],
  [/^EndSessionInput\.id$/, 'session'],
  [/\.guardConnectionId$/, 'connection'],
  [/^RemoveWithdrawalAddressInput\.id$|\.addressId$/, 'withdrawalAddress'],
];
/** What the id at a place of the schema names; undefined for a place that nobody has looked at. */
export const kindOf = (coordinate: string) =>
  BY_NAME.find(([pattern]) => pattern.test(coordinate))?.[1];

/** An id of each kind that nothing has. */
export const ABSENT: Readonly<Record<Exclude<Kind, 'public'>, string>> = {
  account: 'acc-0000000000000000000000',
  clientAccountId: 'nobody-used-this',
  user: 'usr-0000000000000000000000',
  order: '00000000-0000-4000-8000-000000000000',
  clientOrderId: 'nobody-used-this',
  amend: 'nobody-used-this',
  transfer: 'nobody-used-this',
  rfq: '00000000-0000-4000-8000-000000000000',
  clientRfqId: 'nobody-used-this',
  quote: '00000000-0000-4000-8000-000000000000',
  comparison: '00000000-0000-4000-8000-000000000000',
  apiKey: '0000000000000000',
  session: 'ses-0000000000000000000000',
  connection: '00000000-0000-4000-8000-000000000000',
  withdrawalAddress: 'adr-0000000000000000000000',
};
