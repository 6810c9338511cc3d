/** A connection's address, and the `options` that PostgreSQL gets with it. */
export interface AddressWithOptions {
  readonly connectionString: string;
  readonly options: string;
}

/** An address with our options after its own: beside the library's `options` they would replace ours, even empty ones. */
export function addressWithOptions(databaseUrl: string, ours: string): AddressWithOptions {
  const url = new URL(databaseUrl);
  const theirs = url.searchParams.get('options');
  url.searchParams.delete('options');
  const connectionString = theirs === null ? databaseUrl : url.href;
  return { connectionString, options: `${theirs ?? ''} ${ours}`.trimStart() };
}
