/**
 * The bytes a passport is bound to when an operation travels in a socket message: the signer and
 * the verifier must build them alike.
 */
export function operationBody(
  query: string,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): string {
  return JSON.stringify([query, variables ?? {}]);
}
