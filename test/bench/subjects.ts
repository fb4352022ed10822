// What is measured: our bundle in its two ways of asking, and what it is held against. The official SDK
// is bundled here, so that it starts as fast as it can; without its packages its rows stay empty.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const OURS = here('../../dist/anymodel-mcp.cjs');
const PEERS = here('../peers/node_modules');

export interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Subjects {
  /** As shipped: it asks the upstream for a stream, whoever calls. */
  readonly ours: Subject;
  /** Like for like: it asks for a stream only where the others do too. */
  readonly oursPlain: Subject;
  readonly limit: Subject;
  readonly sdk: Subject | undefined;
  /** Node itself: a file with nothing in it, and one that only stays. */
  readonly empty: Subject;
  readonly idle: Subject;
}

export interface SubjectOptions {
  /** The Node that runs every server. */
  readonly node: string;
  /** The bundle to measure; ours by default. */
  readonly bundle: string | undefined;
  /** A folder to build in, which the caller removes. */
  readonly scratch: string;
}

export async function makeSubjects({ node, bundle = OURS, scratch }: SubjectOptions): Promise<Subjects> {
  if (!existsSync(bundle)) throw new Error(`There is no ${bundle} yet: npm run build makes it.`);
  const subject = (name: string, file: string, env: Record<string, string> = {}): Subject => {
    return { name, command: [node, file], env };
  };
  const written = (file: string, text: string): string => {
    writeFileSync(join(scratch, file), text);
    return join(scratch, file);
  };
  const sdk = await bundleSdk(join(scratch, 'sdk.mjs'));
  return {
    ours: subject('ours', bundle),
    oursPlain: subject('ours, plain', bundle, { PROVIDER_CONFIG: '{"capabilities":{"streaming":false}}' }),
    limit: subject('limit', here('servers/limit.cjs')),
    sdk: sdk === undefined ? undefined : subject('sdk', sdk),
    empty: subject('empty file', written('empty.cjs', '')),
    idle: subject('bare node', written('idle.cjs', 'setInterval(() => {}, 1e6);\n')),
  };
}

async function bundleSdk(outfile: string): Promise<string | undefined> {
  if (!existsSync(join(PEERS, '@modelcontextprotocol/sdk'))) return undefined;
  await build({
    entryPoints: [here('servers/sdk.mjs')],
    outfile,
    nodePaths: [PEERS],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // What the SDK's CommonJS dependencies require at run time.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}
