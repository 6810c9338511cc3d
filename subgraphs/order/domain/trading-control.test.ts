import { describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { controlKey, controlScopeOf, scopesOver, strictest } from './trading-control.ts';

describe('trading control', () => {
  it('lets the strictest switch count, and none is ACTIVE', () => {
    expect(strictest([])).toBe('ACTIVE');
    expect(strictest(['ACTIVE', 'REDUCING'])).toBe('REDUCING');
    expect(strictest(['HALTED', 'REDUCING', 'ACTIVE'])).toBe('HALTED');
  });

  it('names each switch over an account so that it is found again', () => {
    const scopes = scopesOver('a-1' as AccountId);
    expect(new Set(scopes.map(controlKey)).size).toBe(3);
    expect(scopes.map((scope) => controlScopeOf(controlKey(scope)))).toEqual(scopes);
  });
});
