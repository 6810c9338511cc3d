import path from 'node:path';
import { build } from 'esbuild';

// Run by `npm run generate`: our page with GraphiQL and all that it needs, as one script and one
// stylesheet. What they are made from is then needed no more: production installs do without it.
await build({
  entryPoints: [path.join(import.meta.dirname, 'browser', 'graphiql-page.js')],
  outdir: path.join(import.meta.dirname, '__generated__'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});
