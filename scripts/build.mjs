// Builds the one file that ships: dist/anymodel-mcp.cjs and its source map. CommonJS, because it starts
// faster than an ES module (an ESM `import` of node:http evaluates all of undici). `--timed` builds the
// same rooms under a clock that the tests drive: build/anymodel-mcp-timed.cjs.
//
// Reproducible byte for byte: nothing of the machine, the checkout's place or the moment goes in.

import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './late-modules.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

const timed = process.argv.includes('--timed');
const entry = timed ? 'test/support/timed-main.ts' : 'src/main.ts';
const outfile = timed ? 'build/anymodel-mcp-timed.cjs' : 'dist/anymodel-mcp.cjs';

const { code, map } = await bundle({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  // The file of that name is for checking types; the image is built without it, and must come out the same.
  tsconfigRaw: {},
  legalComments: 'none',
  charset: 'utf8',
  // The shebang is the first line, so the map accounts for it.
  banner: { js: '#!/usr/bin/env node' },
  define: { __VERSION__: JSON.stringify(manifest.version) },
  // A warning of the bundler is a defect of ours.
  logLevel: 'warning',
});

const absolute = JSON.parse(map).sources.find(isAbsolute);
if (absolute !== undefined) {
  console.error(`The source map names a place of this machine: ${absolute}`);
  process.exit(1);
}
mkdirSync(dirname(resolve(root, outfile)), { recursive: true });
writeFileSync(resolve(root, outfile), code);
writeFileSync(resolve(root, `${outfile}.map`), map);
chmodSync(resolve(root, outfile), 0o755);

const bytes = statSync(resolve(root, outfile)).size;
const budget = manifest.bundleBudgetBytes;
const share = Math.round((bytes / budget) * 100);
console.log(`${outfile}  ${bytes} bytes` + (timed ? '' : `, ${share} % of the budget of ${budget}`));
if (!timed && bytes > budget) {
  console.error('The bundle is over its budget: make it smaller, or raise bundleBudgetBytes in package.json.');
  process.exit(1);
}
