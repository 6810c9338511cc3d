/** A page and the policy that says what it may load. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** JSON that may stand inside a `<script>` element, whatever it holds. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** A policy header from its directives. */
export function contentSecurityPolicy(directives: Readonly<Record<string, string>>): string {
  return Object.entries({ 'default-src': "'none'", 'base-uri': "'none'", ...directives })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
