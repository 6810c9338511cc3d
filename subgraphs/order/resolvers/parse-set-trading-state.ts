import type { Viewer } from '#shared/identity/viewer.ts';
import type { SetTradingStateInput, TradingScopeInput } from '../__generated__/graphql.ts';
import type { SetTradingState } from '../domain/use-cases/set-trading-state.ts';
import { notExactlyOne } from './exactly-one.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it has exactly one scope */
export function parseSetTradingState(
  { scope, tradingState, reason }: SetTradingStateInput,
  viewer: Viewer,
): SetTradingState {
  return { scope: scopeOf(scope), tradingState, reason, actor: actorOf(viewer) };
}

function scopeOf({ accountId, deskAccountId, desk }: TradingScopeInput): SetTradingState['scope'] {
  const given = [accountId, deskAccountId, desk].filter((one) => one != null);
  if (given.length === 1) {
    if (accountId != null) return { kind: 'account', accountId };
    if (deskAccountId != null) return { kind: 'deskAccount', accountId: deskAccountId };
    if (desk === true) return { kind: 'desk' };
  }
  throw notExactlyOne('scope', ', and "desk" must be true');
}

function actorOf(viewer: Viewer): string {
  switch (viewer.kind) {
    case 'trader':
      return viewer.userId;
    case 'service':
      return viewer.name;
    case 'anonymous':
      return 'anonymous';
  }
}
