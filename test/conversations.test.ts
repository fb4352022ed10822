// Walks fixtures/conversations against the built bundle. Every file is a test for each revision it names;
// many run at once, each in its own process. With GOLDEN=1 the files are rewritten instead.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { hold, isTimed, transcripts } from './support/conversation.ts';
import { loadOfficialSchemas } from './support/official-schema.ts';
import { parseTranscript } from './support/transcript.ts';

const rewrite = process.env['GOLDEN'] === '1';
const only = process.env['ONLY'] ?? '';
const check = loadOfficialSchemas();
const files = readdirSync(transcripts).filter((name) => name.endsWith('.txt') && name.includes(only));
assert.ok(files.length > 0, 'there are no transcripts');

/** Transcripts that need neither a clock nor the program's own streams, and are held over stdio alone all the same. */
const STDIO_ONLY: Readonly<Record<string, string>> = {
  'a-client-that-says-no-folders-has-none.txt': 'only a client on this machine is asked',
  'a-duplicate-id-in-flight-is-refused-and-the-first-goes-on.txt': 'every POST has its ids for itself',
  'a-file-in-a-folder-the-client-says-is-read.txt': 'only a client on this machine is asked',
  'a-job-that-is-not-there-is-an-error.txt': 'without keys, jobs are not listed over HTTP',
  'a-line-over-the-cap-is-refused-and-the-next-one-works.txt': 'a body that is too large has a status of its own',
  'a-second-initialize-renegotiates.txt': 'a session is opened once',
  'arrays-are-refused-before-a-handshake-and-with-an-envelope.txt': 'without a handshake the header says the revision',
  'before-initialize-a-client-is-told-what-to-send.txt': 'without a handshake the header says the revision',
  'calls-that-share-a-question-are-called-off-one-by-one.txt': 'only a client on this machine is asked',
  'initialize-with-an-unknown-revision-offers-the-newest-handshake-one.txt': 'a session is opened once',
  'modern-a-client-says-its-folders-by-calling-again.txt': 'only a client on this machine is asked',
};

test('what is not held over HTTP has its reason', () => {
  const unsaid = files.filter((file) => {
    const transcript = parseTranscript(readFileSync(join(transcripts, file), 'utf8'));
    const ownStreams = transcript.steps.some((step) => step.kind === 'do');
    return !transcript.over.includes('http') && !isTimed(transcript) && !ownStreams && STDIO_ONLY[file] === undefined;
  });
  assert.deepEqual(unsaid, []);
});

describe('conversations', { concurrency: availableParallelism() + 1 }, () => {
  for (const file of files) {
    const path = join(transcripts, file);
    const text = readFileSync(path, 'utf8');
    const { revisions, over } = parseTranscript(text);
    // Golden mode writes what the first revision says; the others then have to agree.
    const held = revisions.length === 0 ? [''] : rewrite ? revisions.slice(0, 1) : revisions;
    for (const revision of held) {
      const name = revision === '' ? file : `${file} as ${revision}`;
      if (over.includes('stdio')) {
        test(name, async () => {
          const now = await hold(text, { revision, check, rewrite, over: 'stdio' });
          if (rewrite && now !== text) writeFileSync(path, now);
        });
      }
      // What it says is the same whatever carries it: golden mode asks stdio, and HTTP has to agree.
      if (over.includes('http') && !rewrite) {
        test(`${name} over HTTP`, async () => void (await hold(text, { revision, check, rewrite, over: 'http' })));
      }
    }
  }
});
