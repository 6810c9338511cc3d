import { describe, expect, it } from 'vitest';
import { MESSAGE_RATE, MessageRate } from '../rules/message-rate.ts';
import type { SafetySwitches } from '../safety-switches.ts';
import { setTradingState } from './set-trading-state.ts';
import { NOW_MS } from '../test-orders.ts';
import type { TradingControl, TradingState } from '../trading-control.ts';

const EVERYTHING = { userId: null, mayTrade: () => true, mayRead: () => true };

/** Halts an account. @returns the reason that is kept, or what became of it */
async function keptReason(reason: string) {
  const safety: Pick<SafetySwitches, 'setTradingState'> = {
    setTradingState: (asked) =>
      Promise.resolve({ control: { ...asked, changedAt: NOW_MS }, canceled: [] }),
  };
  const outcome = await setTradingState(
    {
      safety: safety as SafetySwitches,
      ...{ messageRate: new MessageRate(MESSAGE_RATE), clock: { now: () => NOW_MS } },
    },
    EVERYTHING,
    {
      scope: { kind: 'account', accountId: 'a' },
      ...{ tradingState: 'HALTED', reason, actor: 'anna' },
    },
  );
  return outcome.kind === 'set' ? outcome.control.reason : outcome.kind;
}

describe('the own switch of an account', () => {
  it('counts as a message, but stops trading even if there are too many', async () => {
    let controls: readonly TradingControl[] = [];
    const safety: Pick<SafetySwitches, 'setTradingState' | 'tradingControls'> = {
      setTradingState: (asked) => {
        const control = { ...asked, changedAt: NOW_MS };
        controls = [control];
        return Promise.resolve({ control, canceled: [] });
      },
      tradingControls: () => Promise.resolve({ effective: 'ACTIVE', controls }),
    };
    let now = NOW_MS;
    const ports = {
      safety: safety as SafetySwitches,
      messageRate: new MessageRate({ most: 2, windowMs: 1000 }),
      clock: { now: () => now },
    };
    const set = async (tradingState: TradingState) =>
      (
        await setTradingState(ports, EVERYTHING, {
          scope: { kind: 'account', accountId: 'a' },
          ...{ tradingState, reason: 'drill', actor: 'anna' },
        })
      ).kind;
    expect([await set('HALTED'), await set('ACTIVE'), await set('HALTED')]).toEqual([
      ...['set', 'set', 'set'],
    ]);
    // It stops nothing more, and would be stored forever.
    expect([await set('HALTED'), await set('ACTIVE')]).toEqual(['denied', 'denied']);
    now += 1000;
    expect(await set('HALTED')).toBe('set');
  });

  it('is counted by a time that nobody sets: set back by a window, one message looked like all of them', async () => {
    const clock = { now: () => NOW_MS, steadyNow: () => 0 };
    const safety: Pick<SafetySwitches, 'setTradingState'> = {
      setTradingState: (asked) =>
        Promise.resolve({ control: { ...asked, changedAt: clock.now() }, canceled: [] }),
    };
    const messageRate = new MessageRate({ most: 2, windowMs: 1000 });
    const ports = { safety: safety as SafetySwitches, messageRate, clock };
    const activate = async () => {
      const scope = { kind: 'account', accountId: 'a' } as const;
      const change = { scope, tradingState: 'ACTIVE', reason: 'drill', actor: 'anna' } as const;
      return (await setTradingState(ports, EVERYTHING, change)).kind;
    };
    expect(await activate()).toBe('set');
    clock.now = () => NOW_MS - 1000;
    expect([await activate(), await activate()]).toEqual(['set', 'denied']);
  });
});

describe('the reason of a switch', () => {
  it('has 200 characters at most, an emoji being one', async () => {
    expect(await keptReason('🔥'.repeat(200))).toBe('🔥'.repeat(200));
    expect(await keptReason('🔥'.repeat(201))).toBe('reasonInvalid');
    expect(await keptReason(' lost my keys ')).toBe('lost my keys');
  });

  it.each([
    ['nothing', ''],
    ['nothing that is seen', '\u200b\u2060'],
    ['what turns the text beside it', 'drill \u202e over'],
    ['several lines', 'drill\nby the desk'],
  ])('is not %s', async (_name, reason) => {
    expect(await keptReason(reason)).toBe('reasonInvalid');
  });
});
