import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Period } from '#shared/domain/period.ts';
import type { LedgerEntryType } from './ledger-entry.ts';

/** The most ledger entries that all statements of one request may add up. */
export const MAX_STATEMENT_ENTRIES = 20_000;

/** Whose statement, and of when. */
export interface StatementKey {
  readonly accountId: AccountId;
  readonly period: Period;
}

/** The entries of a period by their sequences, which have no gaps: from `first` up to, and without, `below`. */
export interface StatementSpan {
  readonly accountId: AccountId;
  readonly first: bigint;
  readonly below: bigint;
}

/** What the entries of one type came to. */
export interface StatementSum {
  readonly type: LedgerEntryType;
  /** What they added; never negative. */
  readonly credits: Money;
  /** What they took; never negative. */
  readonly debits: Money;
  readonly entryCount: number;
}

/** What happened to the total of one asset. */
export interface AssetStatement {
  readonly asset: AssetCode;
  /** Digits behind the point. */
  readonly scale: number;
  readonly opening: Money;
  readonly closing: Money;
  /** One for each type that there was. */
  readonly sums: readonly StatementSum[];
}

/** The one answer to a request for a statement. */
export type StatementOutcome =
  | {
      readonly kind: 'statement';
      readonly entryCount: number;
      /** By asset code; those that the account had never held by then are left out. */
      readonly assets: readonly AssetStatement[];
    }
  | { readonly kind: 'tooLong' };

/** The port through which statements are read: one answer for each key, in their order. */
export interface StatementReads {
  /** One look for each end of a period, however much is in it. */
  spans(keys: readonly StatementKey[]): Promise<readonly StatementSpan[]>;
  /** By asset code. What was written once is never changed: it may be read later than the spans. */
  assets(spans: readonly StatementSpan[]): Promise<readonly (readonly AssetStatement[])[]>;
}

/**
 * The statements of one request, in the order of their keys. The one with which they would add up more than may be added
 * up is too long, and so are those after it. A statement that does not add up is never shown.
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

/** How many of them, from the first, may be added up. */
function fitting(spans: readonly StatementSpan[]): number {
  let entries = 0n;
  const tooLong = spans.findIndex(({ first, below }) => {
    entries += below - first;
    return entries > MAX_STATEMENT_ENTRIES;
  });
  return tooLong === -1 ? spans.length : tooLong;
}

/** How many entries a statement has, which adds up, and lacks none of them. */
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
