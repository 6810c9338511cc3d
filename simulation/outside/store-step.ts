import type { Misfortune } from '../misfortune.ts';
import type { ProcessLife } from '../process-life.ts';

const FAIL_SHARE = 0.03;
const SLOWEST_MS = 6;

/**
 * One step at the order store: it takes time, and can fail before or after it takes effect.
 * @param isIdle whether a desk at rest makes this step too, so that rest does not wait for it
 */
export async function storeStep<Result>(
  { life, misfortune }: { readonly life: ProcessLife; readonly misfortune: Misfortune },
  effect: () => Result,
  isIdle = false,
): Promise<Result> {
  const pass = async () => {
    await life.wait(misfortune.random.between(0, SLOWEST_MS), isIdle);
    if (misfortune.strikes(FAIL_SHARE)) throw new Error('the order store is away');
  };
  await pass();
  const result = effect();
  await pass();
  return result;
}
