// What the bundle carries to compile its late parts: late-modules.mjs puts this behind the head, with `$where` (of each
// late part, the numbers of the modules it gives), `$apart` (how far apart their lines are) and `$before` (how much stands
// before the first of them) filled in. Plain CommonJS, hoisted: the head tells `$later.head` while it is evaluated, before
// any of this has run.

/* global $later, $where, $apart, $before */

/** Stands for `import()`. The turn it waits is the one in which the head is evaluated. */
function $later(name) {
  return name.startsWith('late:') ? Promise.resolve().then(() => $later.module(name)) : import(name);
}

$later.module = (name) => {
  const id = Number(name.slice('late:'.length));
  const at = $where.findIndex((ids) => ids.includes(id));
  const given = at < 0 ? $later.head : ($later.opened[at] ??= $later.open(at));
  return given[id]();
};

$later.require = (name) => (name.startsWith('late:') ? $later.module(name) : require(name));

$later.opened = [];

$later.open = (at) => {
  const place = { filename: __filename, lineOffset: $apart * (at + 1), columnOffset: -$before };
  return require('node:vm').compileFunction($later.texts[at](), ['$later', 'require'], place)($later, $later.require);
};
