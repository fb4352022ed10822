// The JSON Schema (2020-12) of the configuration file, for editors and for `config schema`: made of the same rules that
// check the file. It knows what one part of the file can tell; what takes a look at another part, at a variable or
// at a disk is told by `config check` alone.

import type { JsonObject } from '../../core/json.ts';
import { FILE } from './file-keys.ts';

/** As the file and the command have it. */
export function configSchemaText(): string {
  return `${JSON.stringify(configSchema(), null, 2)}\n`;
}

function configSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of anymodel-mcp',
    ...FILE.schema,
    $defs: {
      reference: {
        description: 'Text with ${NAME}, ${NAME:-default} or ${file:path} in it.',
        type: 'string',
        pattern: '\\$\\{',
      },
    },
  };
}
