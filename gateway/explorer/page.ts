/** A page, and the policy for what it may load. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** JSON that can be put inside a `<script>` element, whatever it contains. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

const NOTHING_ELSE = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** A policy header that allows these directives and nothing else. */
export function contentSecurityPolicy(directives: Readonly<Record<string, string>>): string {
  return Object.entries({ ...NOTHING_ELSE, ...directives })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
