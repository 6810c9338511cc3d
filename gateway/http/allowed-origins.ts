const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '::1', '::', 'localhost']);

/** Which web pages may call us: those named in the configuration, by exact match, and our own. */
export class AllowedOrigins {
  readonly #origins: Set<string>;

  constructor(configured: readonly string[]) {
    this.#origins = new Set(configured);
  }

  /** Adds the pages that this server serves itself (the explorer), once its address is known. */
  addOwn(host: string, port: number): void {
    const own = host.includes(':') ? `[${host}]` : host;
    const names = LOOPBACK.has(host) ? [own, '127.0.0.1', 'localhost', '[::1]'] : [own];
    const urls = names.map((name) => `http://${name}:${port}`);
    // No browser can open the address of one link, `fe80::1%eth0`.
    for (const url of urls) if (URL.canParse(url)) this.#origins.add(new URL(url).origin);
  }

  /** @param origin the `Origin` header as received */
  allows(origin: string): boolean {
    return this.#origins.has(origin);
  }
}
