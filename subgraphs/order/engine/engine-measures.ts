/** What the engine measures of its own work. */
export interface EngineMeasures {
  /** A turn was stored that has recorded events. @param seconds from its begin until it was stored */
  turnStored(turn: { readonly seconds: number; readonly events: number }): void;
  /** A turn was not stored: refused for its content, or not known to be stored, which loses all its commands. */
  turnLost(cause: 'refused' | 'unavailable'): void;
  /** The ledger was asked for a hold, or a larger one, with those that were wanted meanwhile. */
  holdAsked(call: { readonly seconds: number; readonly isAnswered: boolean }): void;
}

/** Measures nothing. */
export const NOTHING_MEASURED: EngineMeasures = {
  turnStored: () => undefined,
  turnLost: () => undefined,
  holdAsked: () => undefined,
};
