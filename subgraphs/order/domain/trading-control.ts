import type { AccountId } from '#shared/domain/ids.ts';

/** Every trading state, the mildest first. */
const TRADING_STATES = ['ACTIVE', 'REDUCING', 'HALTED'] as const;
/** What is permitted: everything, what does not enlarge a position, or cancels only. */
export type TradingState = (typeof TRADING_STATES)[number];

/**
 * Whom a switch covers. An account has two: its own and the desk's, so that neither lifts what the
 * other has set; the third covers everyone.
 */
export type ControlScope =
  | { readonly kind: 'account'; readonly accountId: AccountId }
  | { readonly kind: 'deskAccount'; readonly accountId: AccountId }
  | { readonly kind: 'desk' };

/** The state of one switch, and who set it. */
export interface TradingControl {
  readonly scope: ControlScope;
  readonly tradingState: TradingState;
  /** As given by the one who set it. */
  readonly reason: string;
  /** The user, or the program, that set it. */
  readonly actor: string;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

/** A dead man's switch: unless it is set again in time, all orders of the account are canceled. */
export interface CancelTimer {
  readonly accountId: AccountId;
  /** Milliseconds since the epoch; null if it is off. */
  readonly firesAt: number | null;
}

/** Names a switch; `/` is in no account id. */
export function controlKey(scope: ControlScope): string {
  switch (scope.kind) {
    case 'account':
      return `account/${scope.accountId}`;
    case 'deskAccount':
      return `desk/${scope.accountId}`;
    case 'desk':
      return 'desk';
  }
}

/** The scope of {@link controlKey}. */
export function controlScopeOf(key: string): ControlScope {
  const [kind, accountId] = key.split('/') as [string, AccountId];
  if (kind === 'account') return { kind, accountId };
  return key === 'desk' ? { kind: 'desk' } : { kind: 'deskAccount', accountId };
}

/** Every switch that applies to an account. */
export function scopesOver(accountId: AccountId): readonly ControlScope[] {
  return [{ kind: 'account', accountId }, { kind: 'deskAccount', accountId }, { kind: 'desk' }];
}

/** Of several switches the strictest counts; none at all is ACTIVE. */
export function strictest(states: readonly TradingState[]): TradingState {
  const ranks = states.map((state) => TRADING_STATES.indexOf(state));
  return TRADING_STATES[Math.max(0, ...ranks)] ?? 'HALTED';
}
