// Walks fixtures/conversations against the built bundle. Every file is a test for each revision it names;
// many run at once, each in its own process. With GOLDEN=1 the files are rewritten instead.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { hold, transcripts } from './support/conversation.ts';
import { loadOfficialSchemas } from './support/official-schema.ts';
import { parseTranscript } from './support/transcript.ts';

const rewrite = process.env['GOLDEN'] === '1';
const only = process.env['ONLY'] ?? '';
const check = loadOfficialSchemas();
const files = readdirSync(transcripts).filter((name) => name.endsWith('.txt') && name.includes(only));
assert.ok(files.length > 0, 'there are no transcripts');

describe('conversations', { concurrency: availableParallelism() + 1 }, () => {
  for (const file of files) {
    const path = join(transcripts, file);
    const text = readFileSync(path, 'utf8');
    const { revisions } = parseTranscript(text);
    // Golden mode writes what the first revision says; the others then have to agree.
    const held = revisions.length === 0 ? [''] : rewrite ? revisions.slice(0, 1) : revisions;
    for (const revision of held) {
      test(revision === '' ? file : `${file} as ${revision}`, async () => {
        const now = await hold(text, { revision, check, rewrite });
        if (rewrite && now !== text) writeFileSync(path, now);
      });
    }
  }
});
