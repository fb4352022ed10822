// What scripts/late-modules.mjs makes of `import('./x.ts')`: a module that is compiled when it is asked for, once, that
// shares what it has in common with the rest, and whose stack traces are those of its source.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from './support/root.ts';
import { runToEnd } from './support/bundle.ts';

type Bundle = (options: object) => Promise<{ readonly code: string; readonly map: string }>;

const { bundle }: { readonly bundle: Bundle } = await import(join(root, 'scripts', 'late-modules.mjs'));

const folder = mkdtempSync(join(tmpdir(), 'anymodel-late-'));
after(() => rmSync(folder, { recursive: true }));

const SOURCES: Readonly<Record<string, string>> = {
  'main.ts': `
    import { Shared } from './shared.ts';
    console.log('start');
    const load = async (): Promise<void> => {
      const one = await import('./one.ts');
      const two = await import('./two.ts');
      console.log(one.make() instanceof Shared, two.make() instanceof Shared, one.count === two.count);
      console.log(await two.deeper());
      const outside = process.argv[2] ?? '';
      console.log((await two.outside(outside)).default);
      one.fail();
    };
    void load();`,
  'shared.ts': `export class Shared {}`,
  'both.ts': `
    console.log('both');
    export const count = { of: "it's \\\\ \\n \\u2028" };
    export const label = \`\${count.of.length} 'x' "y"
    z\`;`,
  'one.ts': `
    import { Shared } from './shared.ts';
    import { count } from './both.ts';
    console.log('one');
    export { count };
    export const make = (): Shared => new Shared();

    export function fail(): never {
      throw new Error('of one');
    }`,
  'two.ts': `
    import { Shared } from './shared.ts';
    import { count, label } from './both.ts';
    console.log('two');
    export { count };
    export const make = (): Shared => new Shared();
    export const deeper = async (): Promise<string> => (await import('./deep.ts')).said + JSON.stringify(label);
    export const outside = (path: string): Promise<{ default: string }> => import(path);`,
  'deep.ts': `export const said = 'deep ';`,
};

async function built(sources: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  const options = { absWorkingDir: folder, entryPoints: ['main.ts'], outfile: 'out.cjs', platform: 'node' };
  const { code, map } = await bundle({ ...options, format: 'cjs', target: 'node20', minify: true, charset: 'utf8' });
  writeFileSync(join(folder, 'out.cjs'), code);
  writeFileSync(join(folder, 'out.cjs.map'), map);
  return join(folder, 'out.cjs');
}

test('late modules are loaded once, when asked for, and are the same program', async () => {
  const file = await built(SOURCES);
  const plugin = join(folder, 'plug-in.mjs');
  writeFileSync(plugin, "export default 'from outside';");
  const flags = ['--enable-source-maps', '--disallow-code-generation-from-strings'];
  const { stdout, stderr, code } = await runToEnd([...flags, file, plugin], { PATH: '' });
  assert.equal(
    stdout,
    'start\nboth\none\ntwo\ntrue true true\ndeep "10 \'x\' \\"y\\"\\n    z"\nfrom outside\n',
    stderr,
  );
  assert.equal(code, 1);
  // Names are minified, places are not.
  assert.match(stderr, /Error: of one\n.*one\.ts:9:13\)\n.*main\.ts:11:11\)/);
  assert.doesNotMatch(stderr, /Warning/);
});

test('a module that the start loads anyway cannot be late', async () => {
  const plain = {
    'main.ts': `import { x } from './x.ts'; void import('./x.ts').then(() => x);`,
    'x.ts': `export const x = 1;`,
  };
  await assert.rejects(built(plain), /x\.ts is imported by `import … from` too, so it is not late\./);
});
