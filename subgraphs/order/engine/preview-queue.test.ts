import { describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, OrderId, UserId } from '#shared/domain/ids.ts';
import { quantity } from '../domain/test-orders.ts';
import { TooManyPreviewsError } from '../domain/ports/too-many-previews-error.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt } from './test-placement.ts';

const order = (account: string, name: string, user: string | null = null) => ({
  placedBy: user as UserId | null,
  ...{ id: name as OrderId, clientOrderId: name as ClientOrderId, accountId: account as AccountId },
  ...{ symbol: SYMBOL, side: 'BUY' as const, quantity: quantity('1'), terms: limitAt('99') },
});

describe('previews', () => {
  it('let orders come between, and those of other accounts', async () => {
    const desk = startDesk(new MemoryJournalStore());
    const done: string[] = [];
    const preview = async (account: string, name: string) => {
      await desk.engine.preview(order(account, name), INSTRUMENT);
      done.push(name);
    };
    const submit = async () => {
      await desk.engine.submit(order('c', 'order'), INSTRUMENT);
      done.push('order');
    };
    const many = Array.from({ length: 8 }, (_, index) => preview('a', `a-${index}`));
    await Promise.all([...many, preview('b', 'b-0'), submit()]);
    expect(done.slice(0, 4).toSorted()).toEqual(['a-0', 'a-1', 'b-0', 'order']);
    expect(done.slice(4)).toEqual(many.slice(2).map((_, index) => `a-${index + 2}`));
  });

  it('are refused if too many of an account wait, and go on afterwards', async () => {
    const desk = startDesk(new MemoryJournalStore());
    const preview = (account: string) => desk.engine.preview(order(account, 'p'), INSTRUMENT);
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => preview('a')));
    const failed = settled.filter(({ status }) => status === 'rejected');
    expect(failed).toHaveLength(9);
    for (const one of failed) expect(one).toHaveProperty('reason.name', TooManyPreviewsError.name);
    await expect(preview('a')).resolves.toMatchObject({ violations: [] });
    await expect(preview('b')).resolves.toMatchObject({ violations: [] });
  });

  it('of one user on many accounts take one turn together', async () => {
    const desk = startDesk(new MemoryJournalStore());
    const done: string[] = [];
    const preview = async (user: string, account: string) => {
      await desk.engine.preview(order(account, account, user), INSTRUMENT);
      done.push(account);
    };
    const many = Array.from({ length: 8 }, (_, index) => preview('u', `a-${index}`));
    await Promise.all([...many, preview('v', 'b')]);
    expect(done.slice(0, 3)).toContain('b');
    const all = Array.from({ length: 20 }, (_, index) => preview('u', `a-${index}`));
    const failed = (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected');
    expect(failed.length).toBeGreaterThanOrEqual(9);
  });
});
