// Writes anymodel-mcp.schema.json, for editors, from the rules in src/config/file.
// With --check it writes nothing and fails when the file is not up to date.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configSchemaText } from '../src/config/file/json-schema.ts';

const NAME = 'anymodel-mcp.schema.json';
const path = join(dirname(fileURLToPath(import.meta.url)), '..', NAME);

if (existsSync(path) && readFileSync(path, 'utf8') === configSchemaText()) console.log(`${NAME} is up to date`);
else if (process.argv.includes('--check')) {
  console.error(`${NAME} is out of date; run \`npm run schema\``);
  process.exitCode = 1;
} else {
  writeFileSync(path, configSchemaText());
  console.log(`${NAME} was rewritten`);
}
