import type { ApiKeyId, AssetCode, SessionId, TransferId, UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import type { MoveMoney } from '../../domain/ledger-command.ts';
import type { Rail } from '../../domain/rail.ts';
import type { SavedAddressesSwitch } from './withdrawal-address-store.ts';

/** Who asks for a movement, with which credential, from where and when. */
export interface MovementAsker {
  readonly userId: UserId;
  /** One of the two is null. */
  readonly apiKeyId: ApiKeyId | null;
  readonly sessionId: SessionId | null;
  /** Which of the key's secrets was shown; omitted if unknown. */
  readonly secretId?: string | undefined;
  readonly origin: ClientOrigin | null;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** What decides whether a movement can go to the ledger, as it is now. */
export interface MovementStanding {
  /** The user's role on the account that the money would leave; null for none. */
  readonly fromRole: AccountRole | null;
  /** The user's role on the account that it would reach; null for none. */
  readonly toRole: AccountRole | null;
  /** Whether a movement of the user with this id was answered before: it is answered again, and moves nothing. */
  readonly isAnswered: boolean;
  /** The suspended rails of its asset. */
  readonly suspended: readonly Rail[];
  /** Whether the account that it would reach has an owner who does not own the one that it would leave. */
  readonly reachesOthers: boolean;
  /** See `WithdrawalAddressStore.switchOf`. */
  readonly savedAddresses: SavedAddressesSwitch | null;
  /** The saved address that it names; null if the user has no such address. */
  readonly address: { readonly asset: AssetCode; readonly usableFromMs: number } | null;
}

/** The port for reading how movements stand. */
export interface MovementStandings {
  /** @throws DomainError UNAUTHENTICATED if the asker's credential has ended */
  standingOf(asker: MovementAsker, movement: MoveMoney): Promise<MovementStanding>;
  /** Whether a movement of the user with this id was answered before. */
  isAnswered(userId: UserId, id: TransferId): Promise<boolean>;
  /** @throws DomainError UNAUTHENTICATED if the asker's credential has ended */
  assertCredential(asker: MovementAsker): Promise<void>;
}
