import { expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import type { ControlScope, TradingState } from '../../domain/trading-control.ts';
import { SafetyState } from './safety-state.ts';

const A = 'a' as AccountId;
const OWN: ControlScope = { kind: 'account', accountId: A };
const DESKS: ControlScope = { kind: 'deskAccount', accountId: A };
const control = (scope: ControlScope, tradingState: TradingState) => ({
  ...{ scope, tradingState, reason: 'test', actor: 'u', changedAt: 0 },
});

it('asks for the orders under a halt until nothing is open under it, and again under a new one', () => {
  const safety = new SafetyState([control(OWN, 'HALTED')], [], { now: () => 0 });
  expect(safety.openHalts).toEqual([A]);
  safety.closeHalt(A);
  expect([safety.openHalts, safety.tradingState(A)]).toEqual([[], 'HALTED']);
  safety.setControl(control({ kind: 'desk' }, 'HALTED'));
  expect(safety.openHalts).toEqual([null]);
  safety.setControl(control({ kind: 'desk' }, 'ACTIVE'));
  safety.setControl(control(DESKS, 'HALTED'));
  // The desk's own switch still halts it.
  safety.setControl(control(OWN, 'ACTIVE'));
  expect(safety.openHalts).toEqual([A]);
  safety.setControl(control(DESKS, 'REDUCING'));
  expect(safety.openHalts).toEqual([]);
});
