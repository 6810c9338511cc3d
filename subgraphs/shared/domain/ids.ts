import type { Branded } from './branded.ts';
import { invariant } from './invariant.ts';

/** A trading, house, fees or external account of the ledger. */
export type AccountId = Branded<string, 'AccountId'>;
/** A person who signs in, or whose key is used. */
export type UserId = Branded<string, 'UserId'>;
/** The public half of an API key; the secret half is never kept. */
export type ApiKeyId = Branded<string, 'ApiKeyId'>;
/** One session. */
export type SessionId = Branded<string, 'SessionId'>;
/** The id that the desk gives an order. */
export type OrderId = Branded<string, 'OrderId'>;
/** The id that the client gives an order; unique per account forever. */
export type ClientOrderId = Branded<string, 'ClientOrderId'>;
/** One order's share of a trade. */
export type FillId = Branded<string, 'FillId'>;
/** The match of two orders, which share it in two fills. */
export type TradeId = Branded<string, 'TradeId'>;
/** Money set aside for an order. A hold's id is its order's id: one hold per order. */
export type HoldId = Branded<string, 'HoldId'>;
/** One change of a hold's size; chosen by the caller, applied once. */
export type HoldChangeId = Branded<string, 'HoldChangeId'>;
/** A movement of one asset between two ledger accounts; chosen by the caller, applied once. */
export type TransferId = Branded<string, 'TransferId'>;
/** A saved address for withdrawals. */
export type WithdrawalAddressId = Branded<string, 'WithdrawalAddressId'>;
/** The key of an instrument: `BASE-QUOTE`, like `BTC-USDT`. */
export type InstrumentSymbol = Branded<string, 'InstrumentSymbol'>;
/** A request for quote. */
export type RfqId = Branded<string, 'RfqId'>;
/** The id that the client gives a request for quote; unique per account forever. */
export type ClientRfqId = Branded<string, 'ClientRfqId'>;
/** One quote of a request for quote. */
export type QuoteId = Branded<string, 'QuoteId'>;
/** Proves that a decision was not executed the other way; cannot be guessed. */
export type ComparisonTokenId = Branded<string, 'ComparisonTokenId'>;
/** The id a client gives an account that it opens; unique per person forever. */
export type ClientAccountId = Branded<string, 'ClientAccountId'>;
/** What a balance is in: `BTC`, `USDT`. */
export type AssetCode = Branded<string, 'AssetCode'>;

const OPAQUE_ID = /^[A-Za-z0-9_.:-]{1,64}$/;
const CLIENT_RFQ_ID = /^[A-Za-z0-9_.:-]{1,36}$/;
const SYMBOL = /^[A-Z0-9]{1,15}-[A-Z0-9]{1,15}$/;
const ASSET = /^[A-Z0-9]{1,15}$/;

function parserOf<Id extends string>(pattern: RegExp) {
  return (text: string): Id | null => (pattern.test(text) ? (text as Id) : null);
}

/**
 * Each parser returns the branded id, or null for text that cannot be one: 1 to 64 characters of
 * `A-Z a-z 0-9 _ . : -`. A well-formed id need not exist.
 */
export const parseAccountId = parserOf<AccountId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseUserId = parserOf<UserId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseApiKeyId = parserOf<ApiKeyId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseSessionId = parserOf<SessionId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseOrderId = parserOf<OrderId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseClientOrderId = parserOf<ClientOrderId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseFillId = parserOf<FillId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseTradeId = parserOf<TradeId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseHoldId = parserOf<HoldId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseHoldChangeId = parserOf<HoldChangeId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseTransferId = parserOf<TransferId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseWithdrawalAddressId = parserOf<WithdrawalAddressId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseRfqId = parserOf<RfqId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseQuoteId = parserOf<QuoteId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseComparisonTokenId = parserOf<ComparisonTokenId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseClientAccountId = parserOf<ClientAccountId>(OPAQUE_ID);
/** As {@link parseAccountId}, but at most 36 characters. */
export const parseClientRfqId = parserOf<ClientRfqId>(CLIENT_RFQ_ID);
/** `BASE-QUOTE` in capital letters and digits, or null. */
export const parseInstrumentSymbol = parserOf<InstrumentSymbol>(SYMBOL);
/** Capital letters and digits, at most 15, or null. */
export const parseAssetCode = parserOf<AssetCode>(ASSET);

/**
 * Takes an id that our own store or our own code made.
 * @throws Error if it is not well formed, which would be a bug of ours
 */
export function trusted<Id extends string>(parse: (text: string) => Id | null, text: string): Id {
  const id = parse(text);
  invariant(id !== null, `a stored id is malformed: ${JSON.stringify(text)}`);
  return id;
}
