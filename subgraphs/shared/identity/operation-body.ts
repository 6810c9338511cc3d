/**
 * The bytes that a passport is bound to if an operation travels in a socket message: signer and
 * verifier must build them alike.
 */
export function operationBody(
  query: string,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): string {
  return JSON.stringify([query, variables ?? {}]);
}
