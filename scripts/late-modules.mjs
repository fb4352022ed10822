// Bundles a program so that what it imports with `import('./x.ts')` costs a start nothing: those modules, and what only
// they import, stand in the same file as text, which is compiled when it is first asked for. V8 reads every function
// of a file once before any of it runs; text it only skips.
//
// What the entry reaches by `import … from` is the head. All other modules are grouped by which `import()`s reach them,
// so that none is there twice; a part takes what is another's by number. A group's positions are those of lines far
// behind the file's last, and the one source map has them: a stack trace is read as that of any other file.

import { readFileSync } from 'node:fs';
import { posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { joinedMap } from './source-maps.mjs';

const LOADER = fileURLToPath(new URL('late-loader.js', import.meta.url));
const LINES_APART = 1000;
const BEFORE = 'let $given;';

/** As long as `import`, which it replaces, so that the source map stays true. */
const LATER = '$later';
const IMPORT = /(?<![\w$.])import(?=\()/g;
const IMPORT_LATE = /(?<![\w$.])import(?=\("late:)/g;

/** `options` are esbuild's, with one entry point and its outfile. Gives the text of the file and that of its source map. */
export async function bundle({ entryPoints: [entry], banner, ...options }) {
  const base = { ...options, bundle: true, write: false, sourcemap: 'external' };
  const parts = partsOf(await importsOf(entry, base), entry);
  const names = await exportsOf(
    parts.flatMap(({ given }) => given),
    base,
  );
  const ids = new Map([...names.keys()].map((path, at) => [path, at]));
  const built = [];
  for (const [at, part] of parts.entries()) {
    const first = at === 0 ? `import ${JSON.stringify(`./${entry}`)};\n${LATER}.head = ` : '$given = ';
    built.push(await compiled({ part, first, names, ids }, at === 0 ? { ...base, banner } : base));
  }
  return joined(built, { parts, ids, options });
}

/** What each module imports, and how. */
async function importsOf(entry, options) {
  const { metafile } = await build({ ...options, entryPoints: [entry], metafile: true });
  return new Map(Object.entries(metafile.inputs).map(([path, { imports }]) => [path, imports]));
}

/** The head first, then the groups; with each, those of its modules that others ask for. */
function partsOf(imports, entry) {
  const linked = (from) => {
    const reached = new Set([from]);
    for (const path of reached)
      for (const { path: next, kind } of imports.get(path) ?? []) if (kind !== 'dynamic-import') reached.add(next);
    return reached;
  };
  const head = linked(entry);
  const edges = [...imports].flatMap(([from, list]) => list.map(({ path, kind }) => ({ from, to: path, kind })));
  const seams = [...new Set(edges.filter(({ kind }) => kind === 'dynamic-import').map(({ to }) => to))].toSorted(
    byName,
  );
  const both = seams.find((path) => head.has(path));
  if (both !== undefined) throw new Error(`${both} is imported by \`import … from\` too, so it is not late.`);

  const reachedBy = new Map();
  for (const [at, seam] of seams.entries())
    for (const path of linked(seam)) if (!head.has(path)) reachedBy.set(path, `${reachedBy.get(path) ?? ''} ${at}`);
  const partOf = (path) => reachedBy.get(path) ?? '';
  const isGiven = (path) => edges.some(({ from, to, kind }) => to === path && isAcross({ from, to, kind }));
  const isAcross = ({ from, to, kind }) => kind === 'dynamic-import' || partOf(from) !== partOf(to);
  return ['', ...new Set(reachedBy.values())].map((key) => {
    const own = key === '' ? [...head] : [...reachedBy.keys()].filter((path) => reachedBy.get(path) === key);
    return { own: new Set(own), given: own.filter(isGiven).toSorted(byName) };
  });
}

/** The names that each module exports, by its path. */
async function exportsOf(paths, options) {
  const single = { ...options, bundle: false, format: 'esm', banner: {}, outdir: '.', outbase: '.' };
  const { metafile } = await build({ ...single, outfile: undefined, entryPoints: paths, metafile: true });
  const found = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint !== undefined);
  return new Map(found.map(({ entryPoint, exports }) => [entryPoint, exports]));
}

/** One part as code that tells, behind `first`, what others may take of it. */
async function compiled({ part: { own, given }, first, names, ids }, options) {
  const alias = (path, name) => `${name} as ${name}_${ids.get(path)}`;
  const taken = given.map(
    (path) => `import { ${names.get(path).map((name) => alias(path, name))} } from ${JSON.stringify(`./${path}`)};\n`,
  );
  const thunks = given.map(
    (path) => `${ids.get(path)}: () => ({ ${names.get(path).map((name) => `${name}: ${name}_${ids.get(path)}`)} }),\n`,
  );
  const root = options.absWorkingDir;
  const others = {
    name: 'others',
    setup(one) {
      one.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        const found = relative(root, resolve(resolveDir, path)).replaceAll('\\', posix.sep);
        if (own.has(found) && kind !== 'dynamic-import') return undefined;
        return { path: `late:${ids.get(found)}`, external: true };
      });
    },
  };
  const contents = `${taken.join('')}${first}{ ${thunks.join('')} };`;
  const stdin = { contents, resolveDir: root, sourcefile: 'scripts/late-modules.mjs' };
  const plugins = [others, ...(options.plugins ?? [])];
  const { outputFiles } = await build({ ...options, stdin, plugins });
  const text = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text;
  // Text that is compiled has no `import()` of its own; the loader's does for both kinds.
  const code = text('js').replaceAll(first.startsWith('$') ? IMPORT : IMPORT_LATE, LATER);
  return { code: code.trimEnd(), map: text('.map') };
}

async function joined([head, ...late], { parts, ids, options }) {
  const where = parts.slice(1).map(({ given }) => given.map((path) => ids.get(path)));
  const { code } = await transform(readFileSync(LOADER, 'utf8'), {
    minify: options.minify,
    charset: options.charset,
    define: { $where: JSON.stringify(where), $apart: String(LINES_APART), $before: String(BEFORE.length) },
  });
  // Whole, because what was added to a text when it is compiled would make it another one, kept beside the first.
  const texts = late.map((part) => `function(){return'${quoted(`${BEFORE}${part.code}\nreturn $given`)}'}`);
  const name = posix.basename(options.outfile);
  const maps = [head, ...late].map(({ map }) => JSON.parse(map));
  return {
    code: `${head.code}\n${code.trimEnd()}\n${LATER}.texts=[${texts.join(',\n')}];\n//# sourceMappingURL=${name}.map\n`,
    map: JSON.stringify(joinedMap(maps, LINES_APART, name)),
  };
}

function byName(one, other) {
  return one < other ? -1 : 1;
}

/** What stands between two apostrophes to mean this text. */
function quoted(text) {
  return text.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
