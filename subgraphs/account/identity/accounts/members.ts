import { type Clock, DAY_MS } from '#shared/domain/clock.ts';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { may, type Permission, rolesFor } from '#shared/identity/permission.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { type Caller, recordBy } from '../audit/audit-record.ts';
import { hasChecksum, hashOfSecret, withChecksum } from '../checksummed-text.ts';
import type {
  AcceptOutcome,
  Invitation,
  MemberChange,
  MemberChangesKey,
  MemberStore,
  RemoveMemberOutcome,
} from './member-store.ts';
import { randomText } from '../random-text.ts';
import type { SessionCode } from '../second-factor/session-code.ts';
import type { CodeRefusal, CodeRefused } from '../sign-in/sign-in-code.ts';

/** An invitation with its code, which is shown once, or why there is none. */
export type InviteOutcome =
  | { readonly kind: 'invited'; readonly code: string; readonly expiresAtMs: number }
  | { readonly kind: 'refused'; readonly reason: CodeRefusal | 'ACCOUNT_CLOSED' }
  | { readonly kind: 'accountFrozen' | 'accountNotFound' };

/** The outcome of asking to remove a member; a code comes before what the store says. */
export type RemoveOutcome = RemoveMemberOutcome | CodeRefused;

const CODE_FORM = /^dgi_[0-9a-z]{50}[0-9A-Za-z]{6}$/;
const SECRET_LENGTH = 50;
const LIFE_MS = 7 * DAY_MS;

/** Lets the owners of an account share it: an invited user takes a role with a code, once. */
export class Members {
  readonly #store: MemberStore;
  readonly #code: Pick<SessionCode, 'guard'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: MemberStore;
    readonly code: Pick<SessionCode, 'guard'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#code = options.code;
    this.#clock = options.clock;
  }

  /** The changes of an account's members; the caller has checked that the viewer can read it. */
  changesOf(accountId: AccountId, key: MemberChangesKey): Promise<readonly MemberChange[]> {
    return this.#store.changesOf(accountId, key);
  }

  /**
   * Whether the viewer has a permission on an account and still has a role for it, for actions that
   * cannot be undone: the roles that the request shows may be older than a removal.
   */
  async mayNow(viewer: Trader, permission: Permission, accountId: AccountId): Promise<boolean> {
    if (!may(viewer, permission, accountId)) return false;
    const role = await this.#store.roleOf(viewer.userId, accountId);
    return role !== null && rolesFor(permission).includes(role);
  }

  /** @param proof a code of the second factor; null if none is given */
  async invite(
    caller: Caller,
    { accountId, role }: Pick<Invitation, 'accountId' | 'role'>,
    proof: string | null,
  ): Promise<InviteOutcome> {
    if (!may(caller.viewer, 'MANAGE_MEMBERS', accountId)) return { kind: 'accountNotFound' };
    const now = this.#clock.now();
    const code = withChecksum(`dgi_${randomText(SECRET_LENGTH)}`);
    const invitation: Invitation = {
      accountId,
      role,
      codeHash: hashOfSecret(code),
      expiresAtMs: now + LIFE_MS,
    };
    const kind = await this.#code.guard(caller, proof, (proven) =>
      this.#store.invite(invitation, recordBy(proven, 'MEMBER_INVITED', accountId, now)),
    );
    if (typeof kind === 'object') return kind;
    if (kind === 'accountClosed') return { kind: 'refused', reason: 'ACCOUNT_CLOSED' };
    return kind === 'invited' ? { kind, code, expiresAtMs: invitation.expiresAtMs } : { kind };
  }

  /** Withdraws all open invitations of an account that the caller owns. @returns how many */
  async withdrawInvitations(
    caller: Caller,
    accountId: AccountId,
  ): Promise<number | 'accountFrozen' | 'accountNotFound'> {
    if (!may(caller.viewer, 'MANAGE_MEMBERS', accountId)) return 'accountNotFound';
    const record = recordBy(caller, 'INVITATIONS_WITHDRAWN', accountId, this.#clock.now());
    return this.#store.withdrawInvitations(accountId, record);
  }

  async accept(caller: Caller, code: string): Promise<AcceptOutcome> {
    if (!CODE_FORM.test(code) || !hasChecksum(code))
      return { kind: 'refused', reason: 'INVITATION_INVALID' };
    const record = recordBy(caller, 'INVITATION_ACCEPTED', null, this.#clock.now());
    return this.#store.accept(hashOfSecret(code), record);
  }

  /**
   * Removes a member: owners can remove anyone, members themselves.
   * @param proof a code of the second factor, without which a stolen session could lock members out; null if none is given
   */
  async remove(
    caller: Caller,
    { accountId, userId }: { readonly accountId: AccountId; readonly userId: UserId | null },
    proof: string | null,
  ): Promise<RemoveOutcome> {
    const { viewer } = caller;
    if (!may(viewer, 'SEE_ACCOUNT', accountId)) return 'accountNotFound';
    const isAllowed = viewer.userId === userId || may(viewer, 'MANAGE_MEMBERS', accountId);
    if (!isAllowed) return 'accountNotFound';
    // Before the code: a repetition needs none.
    if (userId === null || (await this.#store.roleOf(userId, accountId)) === null)
      return 'notThere';
    const atMs = this.#clock.now();
    return this.#code.guard(caller, proof, (proven) =>
      this.#store.remove(accountId, userId, recordBy(proven, 'MEMBER_REMOVED', accountId, atMs)),
    );
  }
}
