import { FrameLiteral } from './frame-literal.ts';

/** How a list of levels is written, including the text before it. */
export interface LevelsLayout {
  /** Up to the opening bracket. */
  readonly begin: FrameLiteral;
  readonly beforeFirst: FrameLiteral;
  readonly beforeQuantity: FrameLiteral;
  readonly beforeNext: FrameLiteral;
  readonly end: FrameLiteral;
}

/** `["price","quantity"],["price","quantity"]` in brackets. */
export function quotedPairs(before: string): LevelsLayout {
  return {
    begin: new FrameLiteral(`${before}[`),
    beforeFirst: new FrameLiteral('["'),
    beforeQuantity: new FrameLiteral('","'),
    beforeNext: new FrameLiteral('"],["'),
    end: new FrameLiteral('"]]'),
  };
}
