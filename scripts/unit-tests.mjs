// Runs every unit and property test in one process: a process for each file would cost more than the tests.
// Started by `make unit` with tsx loaded. Arguments are folders or files; without any, all of them.

import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const asked = process.argv.slice(2);
const places = asked.length > 0 ? asked : ['test/unit', 'test/property'];

const files = places.flatMap((place) =>
  statSync(place).isFile()
    ? [place]
    : readdirSync(place, { recursive: true })
        .filter((name) => name.endsWith('.test.ts'))
        .toSorted((a, b) => (a < b ? -1 : 1))
        .map((name) => join(place, name)),
);
if (files.length === 0) {
  console.error(`No test files in ${places.join(', ')}`);
  process.exit(1);
}
for (const file of files) await import(pathToFileURL(resolve(file)).href);
