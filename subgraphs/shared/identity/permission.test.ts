import { describe, expect, it } from 'vitest';
import { parseAccountId, parseApiKeyId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { holds, may, type Permission, PERMISSIONS } from './permission.ts';
import { type AccountRole, SCOPES, type Scope, type Viewer } from './viewer.ts';

const ACCOUNT = trusted(parseAccountId, 'acc-1');
const ALL = Object.keys(PERMISSIONS) as Permission[];

function trader(role: AccountRole, scopes: readonly Scope[]): Viewer {
  return {
    kind: 'trader',
    userId: trusted(parseUserId, 'usr-1'),
    credential: { kind: 'apiKey', keyId: trusted(parseApiKeyId, 'key') },
    scopes,
    accounts: [{ accountId: ACCOUNT, role }],
    expiresAt: null,
  };
}

/** What only owners are given by a scope; corrections and freezes on the house's account alone. */
const TO_OWNERS: Readonly<Partial<Record<Scope, readonly Permission[]>>> = {
  'transfer:write': ['TRANSFER_MONEY'],
  'withdraw:write': ['SEND_MONEY_OUT', 'CORRECT_LEDGER', 'FREEZE_ACCOUNTS'],
  'keys:write': ['NAME_ACCOUNTS', 'CLOSE_ACCOUNTS', 'MANAGE_MEMBERS'],
};

const given = (role: AccountRole, scopes: readonly Scope[]) =>
  ALL.filter((permission) => may(trader(role, scopes), permission, ACCOUNT));

describe('permissions on an account', () => {
  // The whole table, written a second time: a right that changes has to be changed in both.
  it.each<[Scope, readonly Permission[], readonly Permission[]]>([
    ['market:read', [], []],
    ['account:read', ['READ_ACCOUNT'], ['READ_ACCOUNT']],
    ['trade:read', ['READ_TRADES'], ['READ_TRADES']],
    ['trade:write', ['TRADE'], []],
    ['rfq:write', ['REQUEST_QUOTES'], []],
    ['rfq:stream', ['STREAM_PRICES'], []],
    ['transfer:write', ['BRING_MONEY'], []],
    ['withdraw:write', [], []],
    ['keys:write', [], []],
  ])('that %s gives a trader and a viewer, and an owner more', (scope, toTraders, toViewers) => {
    expect(given('TRADER', [scope])).toEqual(['SEE_ACCOUNT', ...toTraders]);
    const toOwners = TO_OWNERS[scope] ?? [];
    expect(given('OWNER', [scope])).toEqual(['SEE_ACCOUNT', ...toTraders, ...toOwners]);
    expect(given('VIEWER', [scope])).toEqual(['SEE_ACCOUNT', ...toViewers]);
  });

  it('are none on an account of somebody else, or for who is no person', () => {
    const other = trusted(parseAccountId, 'acc-2');
    const viewers: Viewer[] = [
      trader('OWNER', SCOPES),
      { kind: 'anonymous', scopes: SCOPES },
      { kind: 'service', name: 'gateway' },
    ];
    for (const viewer of viewers)
      expect(ALL.filter((permission) => may(viewer, permission, other))).toEqual([]);
  });
});

describe('permissions of a credential', () => {
  it.each(SCOPES)('that %s gives are at least one, and no other scope gives them', (scope) => {
    const held = ALL.filter((permission) => holds(trader('OWNER', [scope]), permission));
    const without = SCOPES.filter((other) => other !== scope);
    const lost = held.filter((permission) => !holds(trader('OWNER', without), permission));
    expect(lost.length).toBeGreaterThan(0);
  });

  it('are to read the market, for a service', () => {
    const service: Viewer = { kind: 'service', name: 'order' };
    expect(ALL.filter((permission) => holds(service, permission))).toEqual(['READ_MARKET']);
  });
});
