import type { Branded } from './branded.ts';
import { invariant } from './invariant.ts';

/** A trading, house, fees or outside-world account of the ledger. */
export type AccountId = Branded<string, 'AccountId'>;
/** A person who signs in, or on whose behalf a key acts. */
export type UserId = Branded<string, 'UserId'>;
/** The public half of an API key; the secret half is never kept. */
export type ApiKeyId = Branded<string, 'ApiKeyId'>;
/** One sign-in. */
export type SessionId = Branded<string, 'SessionId'>;
/** The id we give an order. */
export type OrderId = Branded<string, 'OrderId'>;
/** The id the client gives an order; unique per account forever. */
export type ClientOrderId = Branded<string, 'ClientOrderId'>;
/** One order's share of a trade. */
export type FillId = Branded<string, 'FillId'>;
/** The match of two orders; its two fills share it. */
export type TradeId = Branded<string, 'TradeId'>;
/** Money set aside for an order. Today a hold's id is its order's id: one hold an order. */
export type HoldId = Branded<string, 'HoldId'>;
/** One change of a hold's size; made by the caller, applied once. */
export type HoldChangeId = Branded<string, 'HoldChangeId'>;
/** A movement of one asset between two ledger accounts; made by the caller, applied once. */
export type TransferId = Branded<string, 'TransferId'>;
/** The one key of an instrument: `BASE-QUOTE`, for example `BTC-USDT`. */
export type InstrumentSymbol = Branded<string, 'InstrumentSymbol'>;
/** A request for quote. */
export type RfqId = Branded<string, 'RfqId'>;
/** The id the client gives a request for quote; unique per account forever. */
export type ClientRfqId = Branded<string, 'ClientRfqId'>;
/** One price of a request for quote. */
export type QuoteId = Branded<string, 'QuoteId'>;
/** Shows that a decision was not executed the other way; cannot be guessed. */
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
 * Each parser answers the branded id, or null for text that cannot be one: 1 to 64 characters of
 * `A-Z a-z 0-9 _ . : -`. That an id is well formed says nothing about whether it exists.
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
export const parseRfqId = parserOf<RfqId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseQuoteId = parserOf<QuoteId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseComparisonTokenId = parserOf<ComparisonTokenId>(OPAQUE_ID);
/** See {@link parseAccountId}. */
export const parseClientAccountId = parserOf<ClientAccountId>(OPAQUE_ID);
/** As {@link parseAccountId}, but at most 36 characters. */
export const parseClientRfqId = parserOf<ClientRfqId>(CLIENT_RFQ_ID);
/** `BASE-QUOTE` in capitals and digits, or null. */
export const parseInstrumentSymbol = parserOf<InstrumentSymbol>(SYMBOL);
/** Capitals and digits, at most 15, or null. */
export const parseAssetCode = parserOf<AssetCode>(ASSET);

/**
 * Takes an id that our own store or our own code made.
 * @throws Error when it is not well formed, which would be a bug of ours.
 */
export function trusted<Id extends string>(parse: (text: string) => Id | null, text: string): Id {
  const id = parse(text);
  invariant(id !== null, `a stored id is malformed: ${JSON.stringify(text)}`);
  return id;
}
