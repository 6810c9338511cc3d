import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { MAX_REASON_LENGTH, parseDisplayText } from '#shared/domain/display-text.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import { isDesk } from '../desk.ts';
import type { MessageRate } from '../rules/message-rate.ts';
import type { OrderDenial } from '../rules/order-denial.ts';
import type { RecordedOrder } from '../order-event.ts';
import type { SafetySwitches, TradingControls } from '../safety-switches.ts';
import type { ControlScope, TradingControl, TradingState } from '../trading-control.ts';

/** The shortest and the longest time of a dead man's switch, in milliseconds. */
export const CANCEL_AFTER_RANGE_MS = { min: 1000, max: 300_000 } as const;

/** A switch to set, as received. */
export interface SetTradingState {
  readonly scope:
    | { readonly kind: 'account'; readonly accountId: string }
    | { readonly kind: 'deskAccount'; readonly accountId: string }
    | { readonly kind: 'desk' };
  readonly tradingState: TradingState;
  readonly reason: string;
  readonly actor: string;
}

/** The answer to a switch. */
export type SetTradingStateOutcome =
  | {
      readonly kind: 'set';
      readonly control: TradingControl;
      readonly canceled: readonly RecordedOrder[];
    }
  | { readonly kind: 'reasonInvalid'; readonly max: number }
  | { readonly kind: 'denied'; readonly denial: OrderDenial }
  | { readonly kind: 'notTheDesk' }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** The answer to a dead man's switch. Times are milliseconds since the epoch. */
export type CancelAllAfterOutcome =
  | { readonly kind: 'set'; readonly firesAt: number | null; readonly now: number }
  | { readonly kind: 'timeoutInvalid'; readonly timeoutMs: number; readonly nearestValid: number }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** What the kill switch needs. */
export interface SetTradingStatePorts {
  readonly safety: SafetySwitches;
  readonly messageRate: MessageRate;
  readonly clock: Clock;
}

/**
 * The kill switch: for one account by those who trade on it or by the desk, or for everyone by the
 * desk. HALTED cancels all orders under it at once. Setting an account's own switch counts as one of
 * its messages, because each is stored forever; but one that stops trading is never refused.
 * @throws UnavailableError if it is not known to have happened; repeating it is harmless
 */
export async function setTradingState(
  { safety, messageRate, clock }: SetTradingStatePorts,
  access: AccountAccess,
  { scope: asked, tradingState, reason: reasonText, actor }: SetTradingState,
): Promise<SetTradingStateOutcome> {
  const scope = scopeFor(access, asked);
  if ('refusal' in scope) return scope.refusal;
  const reason = parseDisplayText(reasonText, MAX_REASON_LENGTH);
  if (reason === null) return { kind: 'reasonInvalid', max: MAX_REASON_LENGTH };
  if (scope.scope.kind === 'account') {
    const { accountId } = scope.scope;
    const denial = messageRate.take({ userId: access.userId, accountId }, steadyNow(clock));
    const stops =
      tradingState === 'HALTED' && denial !== null && !(await isHalted(safety, accountId));
    if (denial !== null && !stops) return { kind: 'denied', denial };
  }
  const { control, canceled } = await safety.setTradingState({
    scope: scope.scope,
    tradingState,
    reason,
    actor,
  });
  return { kind: 'set', control, canceled };
}

/**
 * The dead man's switch: each call sets it again, 0 turns it off, and once it has fired it is off.
 * @throws UnavailableError if it is not known to have happened; repeating it is harmless
 */
export async function cancelAllAfter(
  safety: SafetySwitches,
  access: AccountAccess,
  command: { readonly accountId: string; readonly timeoutMs: number },
): Promise<CancelAllAfterOutcome> {
  const accountId = permittedAccount(command.accountId, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: command.accountId };
  const { timeoutMs } = command;
  const { min, max } = CANCEL_AFTER_RANGE_MS;
  if (timeoutMs !== 0 && (timeoutMs < min || timeoutMs > max))
    return { kind: 'timeoutInvalid', timeoutMs, nearestValid: timeoutMs < min ? min : max };
  return { kind: 'set', ...(await safety.cancelAllAfter(accountId, timeoutMs)) };
}

/** The switches over an account; null for a nonexistent one and for someone else's. */
export async function readTradingControls(
  safety: SafetySwitches,
  access: AccountAccess,
  account: string,
): Promise<TradingControls | null> {
  const accountId = permittedAccount(account, access.mayRead);
  return accountId === null ? null : safety.tradingControls(accountId);
}

/** When an account's dead man's switch fires; null while it is off, and for someone else's account. */
export async function readCancelTimer(
  safety: SafetySwitches,
  access: AccountAccess,
  account: string,
): Promise<number | null> {
  const accountId = permittedAccount(account, access.mayRead);
  return accountId === null ? null : safety.cancelTimer(accountId);
}

/** Whether an account's own switch is HALTED. */
async function isHalted(safety: SafetySwitches, accountId: AccountId): Promise<boolean> {
  const { controls } = await safety.tradingControls(accountId);
  return controls.some(
    ({ scope, tradingState }) => scope.kind === 'account' && tradingState === 'HALTED',
  );
}

function scopeFor(
  access: AccountAccess,
  asked: SetTradingState['scope'],
): { readonly scope: ControlScope } | { readonly refusal: SetTradingStateOutcome } {
  if (asked.kind !== 'account' && !isDesk(access)) return { refusal: { kind: 'notTheDesk' } };
  if (asked.kind === 'desk') return { scope: asked };
  const isPermitted = asked.kind === 'deskAccount' ? () => true : access.mayTrade;
  const accountId = permittedAccount(asked.accountId, isPermitted);
  return accountId === null
    ? { refusal: { kind: 'accountNotFound', accountId: asked.accountId } }
    : { scope: { kind: asked.kind, accountId } };
}
