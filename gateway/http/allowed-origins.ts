const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '::1', '::', 'localhost']);

/** Which web pages may call us: those named in the configuration, by exact match, and our own. */
export class AllowedOrigins {
  readonly #origins: Set<string>;

  constructor(configured: readonly string[]) {
    this.#origins = new Set(configured);
  }

  /** Adds the pages that this server serves itself (the explorer), once its address is known. */
  addOwn(host: string, port: number): void {
    const names = LOOPBACK.has(host) ? ['127.0.0.1', 'localhost', '[::1]'] : [host];
    for (const name of names) this.#origins.add(new URL(`http://${name}:${port}`).origin);
  }

  /** @param origin the `Origin` header as received */
  allows(origin: string): boolean {
    return this.#origins.has(origin);
  }
}
