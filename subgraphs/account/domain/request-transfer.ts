import {
  type AccountId,
  parseAccountId,
  parseAssetCode,
  parseTransferId,
  type UserId,
} from '#shared/domain/ids.ts';
import { assertNever, invariant } from '#shared/domain/invariant.ts';
import { type Money, parseMoney, ZERO_MONEY } from '#shared/domain/money.ts';
import { DESK_ACCOUNTS } from './account.ts';
import type { MoveMoney } from './ledger-command.ts';
import type { GateRefusal, TransferRefusalReason } from './ledger-outcome.ts';
import type { Ledger } from './ledger.ts';
import { type CodeProof, type ProvedAnswer, runAlone, runProved } from './run-proved.ts';

/** A user's request, as text; `amount` already has the form of a Decimal. */
export type TransferRequest = {
  readonly transferId: string;
  readonly asset: string;
  readonly amount: string;
} & (
  | { readonly kind: 'deposit'; readonly accountId: string }
  | {
      readonly kind: 'withdraw';
      readonly accountId: string;
      /** The saved address that it goes to; null for none. */
      readonly addressId: string | null;
    }
  | { readonly kind: 'transfer'; readonly fromAccountId: string; readonly toAccountId: string }
);

/** Whether money leaves an account or arrives on it. */
export type MoneyWay = 'out' | 'in';

/** Who requests it: the maker of the transfer ids, and the accounts they can use. */
export interface TransferRequester {
  readonly userId: UserId;
  /** Whether their credential lets them move money out of an account, or into it. */
  readonly mayUse: (accountId: AccountId, way: MoneyWay) => boolean;
  /** How a well-formed movement stands now. */
  readonly gate: (command: MoveMoney) => Promise<GateVerdict>;
  /** For a movement that takes a code. */
  readonly code: CodeProof;
}

/** Whether a movement can go to the ledger, perhaps only with a code. */
export type GateVerdict = HeldMovement | { readonly kind: 'permitted' | 'takesCode' };

/** Why a movement does not go to the ledger, so that its id is not used up. */
export type HeldMovement =
  | { readonly kind: 'accountNotFound'; readonly accountId: AccountId }
  | { readonly kind: 'refused'; readonly reason: GateRefusal };

/** The outcome of a user's movement. */
export type TransferOutcome =
  | { readonly kind: 'applied'; readonly replayed: boolean; readonly atMs: number }
  | {
      readonly kind: 'refused';
      readonly reason: TransferRefusalReason;
      readonly free: Money | null;
    }
  | { readonly kind: 'conflict'; readonly differingFields: readonly string[] }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/**
 * Moves a user's money, once for each id. The accounts are checked first, so that nobody learns
 * anything about one that is not theirs; a malformed id is refused and not stored.
 */
export async function requestTransfer(
  ledger: Ledger,
  requester: TransferRequester,
  request: TransferRequest,
): Promise<TransferOutcome> {
  const own: AccountId[] = [];
  for (const [text, way] of accountsIn(request)) {
    const id = parseAccountId(text);
    if (id === null || !requester.mayUse(id, way))
      return { kind: 'accountNotFound', accountId: text };
    own.push(id);
  }
  const transferId = parseTransferId(request.transferId);
  if (transferId === null) return refused('INVALID_TRANSFER_ID');
  const asset = parseAssetCode(request.asset);
  if (asset === null) return refused('ASSET_NOT_FOUND');
  const addressId = request.kind === 'withdraw' ? request.addressId : null;
  const command: MoveMoney = {
    kind: request.kind,
    transferId,
    ...endsOf(request.kind, own),
    asset,
    addressId,
    amount: parseMoney(request.amount) ?? ZERO_MONEY,
  };
  const { userId, code } = requester;
  const verdict = await requester.gate(command);
  switch (verdict.kind) {
    case 'accountNotFound':
      return verdict;
    case 'refused':
      return refused(verdict.reason);
    case 'permitted':
      return outcomeOf(await runAlone(ledger, userId, command));
    case 'takesCode':
      return outcomeOf(
        await runProved(ledger, userId, command, {
          code,
          heldNow: () => heldBy(requester, command),
        }),
      );
    default:
      return assertNever(verdict, 'requestTransfer');
  }
}

async function heldBy(
  requester: TransferRequester,
  command: MoveMoney,
): Promise<HeldMovement | null> {
  const verdict = await requester.gate(command);
  return verdict.kind === 'accountNotFound' || verdict.kind === 'refused' ? verdict : null;
}

function accountsIn(request: TransferRequest): readonly (readonly [string, MoneyWay])[] {
  switch (request.kind) {
    case 'deposit':
      return [[request.accountId, 'in']];
    case 'withdraw':
      return [[request.accountId, 'out']];
    case 'transfer':
      return [
        [request.fromAccountId, 'out'],
        [request.toAccountId, 'in'],
      ];
  }
}

/**
 * The accounts that money leaves and reaches; for two of the kinds one of them is the outside
 * world.
 */
function endsOf(kind: TransferRequest['kind'], own: readonly AccountId[]) {
  const { EXTERNAL } = DESK_ACCOUNTS;
  const [first = EXTERNAL, second = EXTERNAL] = own;
  return kind === 'deposit' ? { from: EXTERNAL, to: first } : { from: first, to: second };
}

function refused(reason: TransferRefusalReason): TransferOutcome {
  return { kind: 'refused', reason, free: null };
}

function outcomeOf(answer: ProvedAnswer | HeldMovement): TransferOutcome {
  if (answer.kind === 'unproved' || answer.kind === 'refused') return refused(answer.reason);
  invariant(answer.kind !== 'applicable', 'a movement was only tried out');
  if (answer.kind !== 'answered') return answer;
  const { outcome, replayed } = answer;
  switch (outcome.kind) {
    case 'applied':
      return { kind: 'applied', replayed, atMs: outcome.atMs };
    case 'transferRefused':
      return { kind: 'refused', reason: outcome.reason, free: outcome.free };
    case 'insufficientFunds':
    case 'accountUnavailable':
    case 'accountClosed':
    case 'holdVoid':
    case 'correctionRefused':
      throw new Error(`Invariant: a transfer was answered as ${outcome.kind}`);
    default:
      return assertNever(outcome, 'outcomeOf');
  }
}
