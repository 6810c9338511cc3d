import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '#shared/domain/invariant.ts';
import { leftOf } from './hold.ts';
import type { LedgerCommand } from './ledger-command.ts';
import { TestBooks } from './test-books.ts';
import {
  deposit,
  placeHold,
  releaseHold,
  resizeHold,
  settleTrade,
  side,
  transfer,
  withdraw,
} from './test-commands.ts';

/**
 * Random commands, many of them repeated or senseless, against a model of three integers for each
 * account and asset and three for each hold. After each command the books must agree with the model
 * and with themselves.
 */
const account = fc.constantFrom('alice', 'bob');
const asset = fc.constantFrom('USDT', 'BTC');
const id = fc.integer({ min: 1, max: 2 }).map(String);
const units = fc.integer({ min: 1, max: 50 }).map(String);
/** Holds are named after what they should be on; now and then one is not. */
const holdId = (name: string, code: string, n: string) => `${name}-${code}-${n}`;

const command: fc.Arbitrary<LedgerCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 40 }).map(String), account, units, asset)
      .map(([n, name, amount, code]) => deposit(n, name, `${amount}00`, code)),
  },
  fc.tuple(id, account, units, asset).map(([n, ...args]) => withdraw(`w${n}`, ...args)),
  fc.tuple(id, account, account, units).map(([n, ...args]) => transfer(`t${n}`, ...args)),
  {
    weight: 6,
    arbitrary: fc
      .tuple(id, account, units, asset)
      .map(([n, name, amount, code]) => placeHold(holdId(name, code, n), name, `${amount}0`, code)),
  },
  fc
    .tuple(id, account, units)
    .map(([n, name, amount]) => placeHold(`alice-BTC-${n}`, name, amount)),
  fc.tuple(id, account, asset).map(([n, name, code]) => releaseHold(holdId(name, code, n), name)),
  {
    weight: 3,
    arbitrary: fc
      .record({ n: id, account, code: asset, amount: units, isMore: fc.boolean(), change: units })
      .map(({ n, account: name, code, amount, isMore, change }) =>
        resizeHold(
          isMore ? 'growHold' : 'shrinkHold',
          change,
          holdId(name, code, n),
          name,
          isMore ? `${amount}0` : amount,
        ),
      ),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({ n: id, quantity: units, cost: units, account, fee: units, isHouse: fc.boolean() })
      .map(({ n, quantity, cost, account: name, fee, isHouse }) => {
        const other = name === 'bob' ? 'alice' : 'bob';
        const seller = isHouse ? side('house') : side(other, { hold: holdId(other, 'BTC', n) });
        const buyer = side(name, { hold: holdId(name, 'USDT', n), fee });
        return settleTrade(`${name}-${n}`, { quantity, cost, buyer, seller });
      }),
  },
);

const FUNDED = [
  deposit('f1', 'alice', '300'),
  deposit('f2', 'bob', '300'),
  deposit('f3', 'alice', '300', 'BTC'),
  deposit('f4', 'bob', '300', 'BTC'),
];

const SIZE = { minLength: 20, maxLength: 60, size: 'max' } as const;

/** What a naive reader of the rules would expect of one account's asset. */
interface Expected {
  free: bigint;
  locked: bigint;
}

class Model {
  readonly balances = new Map<string, Expected>();
  readonly holds = new Map<string, { place: string; left: bigint }>();

  of(accountId: string, code: string): Expected {
    const key = `${accountId}/${code}`;
    const known = this.balances.get(key) ?? { free: 0n, locked: 0n };
    this.balances.set(key, known);
    return known;
  }

  /** Applies a command that the books say took effect for the first time. */
  apply(applied: LedgerCommand): void {
    switch (applied.kind) {
      case 'deposit':
      case 'withdraw':
      case 'transfer':
        this.of(applied.from, applied.asset).free -= applied.amount;
        this.of(applied.to, applied.asset).free += applied.amount;
        return;
      case 'correct': {
        const { corrects, amount } = applied;
        this.of(corrects.from, corrects.asset).free += amount;
        this.of(corrects.to, corrects.asset).free -= amount;
        return;
      }
      case 'placeHold': {
        const balance = this.of(applied.accountId, applied.asset);
        balance.free -= applied.amount;
        balance.locked += applied.amount;
        const place = `${applied.accountId}/${applied.asset}`;
        this.holds.set(applied.holdId, { place, left: applied.amount });
        return;
      }
      case 'releaseHold':
        this.#release(applied.holdId);
        return;
      case 'growHold':
        this.#resize(applied.holdId, applied.amount);
        return;
      case 'shrinkHold':
        this.#resize(applied.holdId, -applied.amount);
        return;
      case 'settleTrade': {
        const { buyer, seller, base, quote, quantity, cost } = applied;
        this.#pay(seller, base, quantity);
        this.of(buyer.accountId, base).free += quantity;
        this.#pay(buyer, quote, cost + buyer.fee);
        this.of(seller.accountId, quote).free += cost - seller.fee;
        this.of('fees', quote).free += buyer.fee + seller.fee;
      }
    }
  }

  /** A hold that has ended has nothing left, and stays so. */
  #resize(holdId: string, change: bigint): void {
    const hold = this.holds.get(holdId);
    if (hold === undefined || hold.left === 0n) return;
    const [accountId = '', code = ''] = hold.place.split('/');
    this.of(accountId, code).locked += change;
    this.of(accountId, code).free -= change;
    hold.left += change;
  }

  #release(holdId: string): void {
    const hold = this.holds.get(holdId);
    if (hold === undefined) return;
    const [accountId = '', code = ''] = hold.place.split('/');
    this.of(accountId, code).locked -= hold.left;
    this.of(accountId, code).free += hold.left;
    hold.left = 0n;
  }

  #pay(payer: { accountId: string; holdId: string | null }, code: string, amount: bigint): void {
    const hold = payer.holdId === null ? undefined : this.holds.get(payer.holdId);
    if (hold === undefined) this.of(payer.accountId, code).free -= amount;
    else {
      hold.left -= amount;
      this.of(payer.accountId, code).locked -= amount;
    }
  }
}

/** What has to be true of the books after any command. (A million `expect`s would take minutes.) */
function checkBooks(books: TestBooks, model: Model): void {
  const { balances, holds, entries, events } = books.changes();
  const sums = new Map<string, bigint>();
  for (const { accountId, asset: code, total, locked, free, mayOwe } of balances) {
    const expected = model.of(accountId, code);
    invariant(locked === expected.locked && free === expected.free, 'the model says otherwise');
    invariant(total === locked + free, 'total = locked + free');
    invariant(locked >= 0n && (mayOwe || free >= 0n), 'nothing falls below zero');
    const heldNow = holds
      .filter((hold) => hold.accountId === accountId && hold.asset === code)
      .reduce((sum, hold) => sum + leftOf(hold), 0n);
    invariant(locked === heldNow, 'locked is the sum of the open holds');
    const own = entries.filter((entry) => entry.accountId === accountId && entry.asset === code);
    const sum = own.reduce((before, { change }) => before + change, 0n);
    invariant(sum === total, 'a total is the sum of its entries');
    invariant((own.at(-1)?.balanceAfter ?? 0n) === total, 'the last entry tells the total');
    sums.set(code, (sums.get(code) ?? 0n) + total);
  }
  for (const sum of sums.values()) invariant(sum === 0n, 'money is conserved');
  for (const { settled, released, placed } of holds)
    invariant(settled + released <= placed, 'no hold gives more than it holds');
  checkGapless(entries.map(({ accountId, sequence }) => [accountId, sequence]));
  checkGapless(events.map(({ accountId, sequence }) => [accountId, BigInt(sequence)]));
}

function checkGapless(numbered: readonly (readonly [string, bigint])[]): void {
  const last = new Map<string, bigint>();
  for (const [accountId, sequence] of numbered) {
    invariant(sequence === (last.get(accountId) ?? 0n) + 1n, 'sequences have no gap');
    last.set(accountId, sequence);
  }
}

/** Null for a breach, which has to leave the books as they were. */
function tryRun(books: TestBooks, next: LedgerCommand) {
  try {
    return books.run(next);
  } catch (cause) {
    invariant(String(cause).includes('Invariant'), 'only an invariant may break');
    return null;
  }
}

describe('ledger', () => {
  it('moves money, never makes or loses it, whatever it is told', () => {
    let trades = 0;
    fc.assert(
      fc.property(fc.array(command, SIZE), (commands) => {
        const books = new TestBooks();
        const model = new Model();
        for (const next of [...FUNDED, ...commands]) {
          const answer = tryRun(books, next);
          const isApplied =
            answer?.kind === 'answered' && !answer.replayed && answer.outcome.kind === 'applied';
          if (isApplied) model.apply(next);
          if (isApplied && next.kind === 'settleTrade') trades += 1;
          checkBooks(books, model);
        }
      }),
      { numRuns: 1000 },
    );
    // The commands are of use only if enough of them come together to a trade.
    expect(trades).toBeGreaterThan(300);
  });
});
