import type { TransferId, UserId } from '#shared/domain/ids.ts';

/** The port for reading which movements were answered. */
export interface AnsweredMovements {
  /** Whether a user's movement with this id was answered before: it is answered again, and moves nothing. */
  isAnswered(userId: UserId, transferId: TransferId): Promise<boolean>;
}
