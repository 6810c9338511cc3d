import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Period } from '#shared/domain/period.ts';
import type { LedgerEntryType } from './ledger-entry.ts';

/** The most ledger entries that all statements of one request can sum up. */
export const MAX_STATEMENT_ENTRIES = 20_000;

/** The account and the period of a statement. */
export interface StatementKey {
  readonly accountId: AccountId;
  readonly period: Period;
}

/**
 * The entries of a period by their sequences, which have no gaps: from `first`, inclusive, to
 * `below`, exclusive.
 */
export interface StatementSpan {
  readonly accountId: AccountId;
  readonly first: bigint;
  readonly below: bigint;
}

/** What the entries of one type come to. */
export interface StatementSum {
  readonly type: LedgerEntryType;
  /** The sum of the entries that increased the total; never negative. */
  readonly credits: Money;
  /** The sum of the entries that decreased the total; never negative. */
  readonly debits: Money;
  readonly entryCount: number;
}

/** What happened to the total of one asset. */
export interface AssetStatement {
  readonly asset: AssetCode;
  /** Digits after the point. */
  readonly scale: number;
  readonly opening: Money;
  readonly closing: Money;
  /** One for each type that occurred. */
  readonly sums: readonly StatementSum[];
}

/** The answer to a request for a statement. */
export type StatementOutcome =
  | {
      readonly kind: 'statement';
      readonly entryCount: number;
      /** By asset code; assets that the account had never held by then are omitted. */
      readonly assets: readonly AssetStatement[];
    }
  | { readonly kind: 'tooLong' };

/** The port for reading statements: one answer for each key, in their order. */
export interface StatementReads {
  /** One lookup for each end of a period, however long it is. */
  spans(keys: readonly StatementKey[]): Promise<readonly StatementSpan[]>;
  /** By asset code. Entries never change, so they can be read after the spans. */
  assets(spans: readonly StatementSpan[]): Promise<readonly (readonly AssetStatement[])[]>;
}

/**
 * The statements of one request, in the order of their keys. The statement that would exceed the
 * limit is too long, and so are those after it. A statement that does not add up is never shown.
 */
export async function readStatements(
  reads: StatementReads,
  keys: readonly StatementKey[],
): Promise<readonly StatementOutcome[]> {
  const spans = await reads.spans(keys);
  const within = spans.slice(0, fitting(spans));
  const assets = within.length === 0 ? [] : await reads.assets(within);
  return spans.map((span, place) => {
    const ofSpan = assets[place];
    if (ofSpan === undefined) return { kind: 'tooLong' };
    return { kind: 'statement', entryCount: countedOf(span, ofSpan), assets: ofSpan };
  });
}

/** How many of them, from the first, stay within the limit. */
function fitting(spans: readonly StatementSpan[]): number {
  let entries = 0n;
  const tooLong = spans.findIndex(({ first, below }) => {
    entries += below - first;
    return entries > MAX_STATEMENT_ENTRIES;
  });
  return tooLong === -1 ? spans.length : tooLong;
}

/** The number of entries of a statement that adds up and lacks none of them. */
function countedOf(
  { accountId, first, below }: StatementSpan,
  assets: readonly AssetStatement[],
): number {
  let counted = 0;
  for (const { asset, opening, closing, sums } of assets) {
    const change = sums.reduce((sum, { credits, debits }) => sum + credits - debits, 0n);
    counted += sums.reduce((sum, { entryCount }) => sum + entryCount, 0);
    invariant(
      opening + change === closing,
      `the ${asset} of ${accountId} was ${opening}, changed by ${change} and was ${closing}`,
    );
  }
  invariant(
    first + BigInt(counted) === below,
    `a statement of ${accountId} has ${counted} entries from ${first} up to ${below}`,
  );
  return counted;
}
