import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** One file of the self-hosted page, in memory. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** Changes with the body. */
  readonly etag: string;
}

/** Every file that the GraphiQL page loads, by its name: ours, and prebuilt ones of the packages. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const graphqlWs = path.dirname(require.resolve('graphql-ws'));
  const files = [
    ...filesOf(path.dirname(require.resolve('graphiql/package.json')), /^graphiql\.min\.(js|css)$/),
    ...filesOf(packageFolder('react', 'umd'), /^react\.production\.min\.js$/),
    ...filesOf(packageFolder('react-dom', 'umd'), /^react-dom\.production\.min\.js$/),
    ...filesOf(graphqlWs, /^(client|common-[\w-]+)\.js$/),
    ...filesOf(path.join(import.meta.dirname, 'browser'), /\.(js|css)$/),
  ];
  return new Map(files.map((file) => [path.basename(file), readAsset(file)]));
}

function readAsset(file: string): Asset {
  const body = readFileSync(file);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return { type: TYPES[path.extname(file)] ?? 'text/plain', body, etag };
}

function packageFolder(name: string, folder: string): string {
  return path.join(path.dirname(require.resolve(`${name}/package.json`)), folder);
}

function filesOf(folder: string, names: RegExp): readonly string[] {
  return readdirSync(folder)
    .filter((name) => names.test(name))
    .map((name) => path.join(folder, name));
}
