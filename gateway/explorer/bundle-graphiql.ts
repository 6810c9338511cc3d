import path from 'node:path';
import { build } from 'esbuild';

// Run by `npm run generate`: bundles our page with GraphiQL and all that it needs into one script
// and one stylesheet. Production installs then do without the packages they are made from.
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
