import type { AccountId } from '#shared/domain/ids.ts';
import type { Misfortune } from '../misfortune.ts';
import type { SimulatedDesk } from '../simulated-desk.ts';
import type { UnreliableNetwork } from '../outside/unreliable-network.ts';
import type { VirtualTime } from '../virtual-time.ts';

/** The account of a simulated client, and the world that it acts in. */
export interface ClientSurroundings {
  readonly accountId: AccountId;
  /** Returns the current order process. @throws Error if there is none */
  readonly desk: () => SimulatedDesk;
  readonly network: UnreliableNetwork;
  readonly time: VirtualTime;
  readonly misfortune: Misfortune;
}
