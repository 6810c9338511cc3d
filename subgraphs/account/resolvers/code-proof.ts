import type { AccountContext } from '../context.ts';
import type { CodeProof } from '../domain/run-proved.ts';
import { callerOf } from './caller-of.ts';

/** The caller's proof of their second factor by a code; null if none is given. */
export function codeProofOf(context: AccountContext, code: string | null): CodeProof {
  const { sessionCode } = context.useCases;
  const caller = callerOf(context);
  return {
    isAsked: () => sessionCode.isAsked(caller),
    refusalOf: (use) => sessionCode.refusalOf(caller, code, use),
  };
}
