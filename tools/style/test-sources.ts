import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOT_OURS = new Set(['node_modules', '__generated__', 'coverage', 'peers', 'out']);
const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'/g;

/** A file of the project. */
export interface Source {
  /** Relative to the project's root, with `/`: `subgraphs/order/server.ts`. */
  readonly file: string;
  readonly text: string;
}

/** Every handwritten file in the project with one of these endings. */
export function readSources(...endings: readonly string[]): readonly Source[] {
  return filesOf('')
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .map((file) => ({ file, text: readText(file) }));
}

/** One file's text; `file` is relative to the project's root. */
export function readText(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** What a source imports: our files relative to the project's root, packages by name. */
export function importsOf({ file, text }: Source): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, named, lazy]) => {
    const specifier = named ?? lazy ?? '';
    if (specifier.startsWith('#shared/')) return specifier.replace('#shared/', 'subgraphs/shared/');
    if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier);
    return `package:${specifier}`;
  });
}

/** The names in a folder, sorted; empty if the folder does not exist. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(path.join(ROOT, folder)).sort();
  } catch {
    return [];
  }
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isFile()) return [file];
    const isOurs = !NOT_OURS.has(entry.name) && !entry.name.startsWith('.');
    return entry.isDirectory() && isOurs ? filesOf(file) : [];
  });
}
