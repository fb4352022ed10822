// One source map out of several, each for lines of its own: the one at place n begins n * `apart` lines below the first.
// Node reads no map with sections, so the mappings are joined: they are differences to what stands before them, and
// those at a seam have to be counted anew.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));

/** `maps` are of version 3 and have no sections. */
export function joinedMap(maps, apart, file) {
  const joined = { version: 3, file, sources: [], sourcesContent: [], names: [], mappings: '' };
  // Source, line, column and name of what was mapped last.
  let last = [0, 0, 0, 0];
  for (const [at, { sources, sourcesContent, names, mappings }] of maps.entries()) {
    const lines = mappings.split(';').map((line) => (line === '' ? [] : line.split(',').map(decoded)));
    if (lines.length >= apart) throw new Error(`A part of ${file} has ${lines.length} lines, which is too many.`);
    const moved = shifted(lines, [joined.sources.length, 0, 0, joined.names.length], last);
    const filling = at === maps.length - 1 ? 0 : apart - lines.length + 1;
    joined.mappings += moved.lines.map((line) => line.map(encoded).join()).join(';') + ';'.repeat(filling);
    joined.sources.push(...sources);
    joined.sourcesContent.push(...sourcesContent);
    joined.names.push(...names);
    ({ last } = moved);
  }
  return joined;
}

/** The lines of one map behind those that end at `last`, their sources and names numbered from `base`. */
function shifted(lines, base, last) {
  const place = [0, 0, 0, 0];
  let before = [...last];
  const segment = ([column, ...differences]) => {
    differences.forEach((difference, at) => (place[at] += difference));
    const now = before.map((value, at) => (at < differences.length ? place[at] + base[at] : value));
    const out = [column, ...now.slice(0, differences.length).map((value, at) => value - before[at])];
    before = now;
    return out;
  };
  return { lines: lines.map((line) => line.map(segment)), last: before };
}

/** The numbers of one segment: base 64, five bits a digit, the lowest first, the sign in the lowest bit of all. */
function decoded(text) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const digit of text) {
    const bits = VALUES.get(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits >= 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function encoded(numbers) {
  let text = '';
  for (const number of numbers) {
    let rest = number < 0 ? (-number << 1) | 1 : number << 1;
    do {
      text += DIGITS[(rest & 31) | (rest > 31 ? 32 : 0)];
      rest >>= 5;
    } while (rest > 0);
  }
  return text;
}
