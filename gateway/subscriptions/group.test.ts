import { expect, it } from 'vitest';
import { Group } from './group.ts';
import type { SourceEvent } from './source-event-stream.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const PROCESS = {};

/** A group without members, kept ready for those of another one, and whether it was given up. */
function aGroup(failsAt?: string) {
  const reported = { isLeft: false };
  const group = new Group({
    resolve: ({ data }: SourceEvent) =>
      data?.['at'] === failsAt ? Promise.reject(new Error('no')) : Promise.resolve({}),
    frameOf: ({ data }) => ({
      text: '',
      type: 'OrderBookUpdate',
      isState: false,
      sequence: String(data?.['at']),
      cursor: null,
    }),
    isSlow: () => false,
    room: { take: () => true, release: () => undefined },
    memory: 'all',
    lossBefore: null,
    schedule: new FlushSchedule(),
    onConflated: () => undefined,
    onEmpty: null,
    onLeft: () => void (reported.isLeft = true),
    onPublished: () => undefined,
  });
  const deliver = async (at: string) => {
    group.deliver({ data: { at } }, 'lasting', PROCESS);
    await settled();
  };
  return { group, reported, deliver };
}

it('a group that has failed is level with no other, and is given up if nobody is in it', async () => {
  const [present, failed] = [aGroup(), aGroup('2')];
  for (const { deliver } of [present, failed]) await deliver('1');
  expect(present.group.isLevelWith(failed.group)).toBe(true);
  expect(failed.reported.isLeft).toBe(false);
  await failed.deliver('2');
  expect(present.group.isLevelWith(failed.group)).toBe(false);
  expect(failed.reported.isLeft).toBe(true);
});
