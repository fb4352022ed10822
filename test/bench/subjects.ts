// What is measured: our bundle in its two ways of asking, and what it is held against. The official SDK
// is bundled here, so that it starts as fast as it can; without its packages its rows stay empty.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { keys, ROUTED, providers, targets } from './configurations.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ROOT = here('../..');
const PLAINLY = { PROVIDER_CONFIG: '{"capabilities":{"streaming":false}}' };
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
  /** As `oursPlain`, from a configuration file with aliases, limits and the cache, none of which has anything to do. */
  readonly oursRouted: Subject;
  /** As `oursPlain`, with nothing between a call and the one attempt: bench/alone/engine.ts. */
  readonly alone: Subject;
  /** From files with much in them, told to say their memory; and one with 50 providers, to be written anew. */
  readonly one: Subject;
  readonly manyKeys: Subject;
  readonly manyTargets: Subject;
  readonly fifty: Subject;
  readonly limit: Subject;
  readonly sdk: Subject | undefined;
  /** Over HTTP: ours that asks for a key, and what ours is held against. */
  readonly oursKeyed: Subject;
  readonly oursTold: Subject;
  readonly limitHttp: Subject;
  readonly sdkHttp: Subject | undefined;
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
  const configured = (name: string, config: object): Record<string, string> => ({
    CONFIG_PATH: written(`${name}.json`, JSON.stringify(config)),
  });
  const told = ({ name, env }: Subject): Subject => {
    return { name, command: [node, '--expose-gc', '--require', here('servers/memory.cjs'), bundle], env };
  };
  const peer = async (name: string, file: string): Promise<Subject | undefined> => {
    const built = await bundlePeer(file, scratch);
    return built === undefined ? undefined : subject(name, built);
  };
  return {
    ours: subject('ours', bundle),
    oursPlain: subject('ours, plain', bundle, PLAINLY),
    oursRouted: subject('ours, routed', bundle, configured('routed', ROUTED)),
    alone: subject('engine alone', await bundleAlone(join(scratch, 'alone.cjs')), PLAINLY),
    one: told(subject('one', bundle, configured('one', targets(1)))),
    manyKeys: told(subject('10,000 keys', bundle, configured('keys', keys(10_000)))),
    manyTargets: told(subject('10,000 targets', bundle, configured('targets', targets(10_000)))),
    fifty: subject('50 providers', bundle, configured('fifty', providers(50, 0))),
    limit: subject('limit', here('servers/limit.cjs')),
    sdk: await peer('sdk', 'sdk.mjs'),
    oursKeyed: subject('ours, with a key', bundle, PLAINLY),
    oursTold: told(subject('ours', bundle)),
    limitHttp: subject('bare node:http', here('servers/limit-http.cjs')),
    sdkHttp: await peer('sdk', 'sdk-http.mjs'),
    empty: subject('empty file', written('empty.cjs', '')),
    idle: subject('bare node', written('idle.cjs', 'setInterval(() => {}, 1e6);\n')),
  };
}

async function bundlePeer(file: string, scratch: string): Promise<string | undefined> {
  if (!existsSync(join(PEERS, '@modelcontextprotocol/sdk'))) return undefined;
  const outfile = join(scratch, file);
  await build({
    entryPoints: [here(`servers/${file}`)],
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

type Bundle = (options: object) => Promise<{ readonly code: string }>;

/** Our program as it is built, with another engine in it. */
async function bundleAlone(outfile: string): Promise<string> {
  const { bundle }: { readonly bundle: Bundle } = await import(join(ROOT, 'scripts', 'late-modules.mjs'));
  const other = here('alone/engine.ts');
  const swapped: Plugin = {
    name: 'swapped',
    setup(one) {
      one.onLoad({ filter: /[/\\]gateway[/\\]engine\.ts$/ }, () => {
        return { contents: readFileSync(other, 'utf8'), resolveDir: dirname(other), loader: 'ts' };
      });
    },
  };
  const options = { absWorkingDir: ROOT, entryPoints: ['src/main.ts'], outfile, plugins: [swapped], tsconfigRaw: {} };
  const { code } = await bundle({ ...options, minify: true, platform: 'node', format: 'cjs', target: 'node20' });
  writeFileSync(outfile, code);
  return outfile;
}
