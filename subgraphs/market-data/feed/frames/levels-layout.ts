import { FrameLiteral } from './frame-literal.ts';

/** How a list of levels is written, including the text before it. */
export interface LevelsLayout {
  /** A list without levels. */
  readonly none: FrameLiteral;
  readonly beforeFirst: FrameLiteral;
  readonly beforeQuantity: FrameLiteral;
  readonly beforeNext: FrameLiteral;
  readonly end: FrameLiteral;
}

/** `["price","quantity"],["price","quantity"]` in brackets. */
export function quotedPairs(before: string): LevelsLayout {
  return {
    none: new FrameLiteral(`${before}[]`),
    beforeFirst: new FrameLiteral(`${before}[["`),
    beforeQuantity: new FrameLiteral('","'),
    beforeNext: new FrameLiteral('"],["'),
    end: new FrameLiteral('"]]'),
  };
}
