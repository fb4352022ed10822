import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from '../../../src/core/secrets.ts';

function holding(...values: readonly string[]): Secrets {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
}

test('a registered value is scrubbed wherever it stands', () => {
  const secrets = holding('hunter-two');
  assert.equal(secrets.scrub('a hunter-two b hunter-twohunter-two'), 'a [redacted] b [redacted][redacted]');
  assert.equal(secrets.scrubValues('nothing here'), 'nothing here');
  assert.equal(new Secrets().scrub('nothing here'), 'nothing here');
});

test('it is recognised URL-encoded in either case, JSON-escaped in either way', () => {
  const secrets = holding('pa/ss"w+rd');
  for (const form of ['pa%2Fss%22w%2Brd', 'pa%2fss%22w%2brd', 'pa/ss\\"w+rd', 'pa\\/ss\\"w+rd']) {
    assert.equal(secrets.scrubValues(`<${form}>`), '<[redacted]>', form);
  }
});

test('it is recognised in base64 at each alignment, in both alphabets', () => {
  const secrets = holding('tok?en>secret~~');
  for (const before of ['', 'u', 'us', 'user:']) {
    for (const alphabet of ['base64', 'base64url'] as const) {
      const text = Buffer.from(`${before}tok?en>secret~~`).toString(alphabet);
      assert.ok(secrets.scrubValues(text).includes('[redacted]'), `${before} ${alphabet} ${text}`);
    }
  }
});

test('text beyond ASCII is recognised', () => {
  const secrets = holding('pässwörd😀');
  assert.equal(secrets.scrubValues(`x${encodeURIComponent('pässwörd😀')}x`), 'x[redacted]x');
  assert.ok(secrets.scrubValues(Buffer.from('pässwörd😀').toString('base64')).includes('[redacted]'));
});

test('characters that mean something in an expression are only themselves', () => {
  const secrets = holding('a.*+?^${}()|[]\\-/b');
  assert.equal(secrets.scrubValues('a.*+?^${}()|[]\\-/b and axxxb'), '[redacted] and axxxb');
});

test('a key that contains another is replaced whole', () => {
  assert.equal(holding('abc-defg', 'abc-defg-123456').scrubValues('abc-defg-123456 abc-defg'), '[redacted] [redacted]');
});

test('placeholders are no secrets: they stand in ordinary text, and in the protocol', () => {
  const words = ['', 'abc', 'test', 'text', 'local', '1234', 'jsonrpc', 'progressToken', '12345678'];
  const secrets = holding(...words);
  const line = `{"jsonrpc":"2.0","id":12345678,"result":${JSON.stringify(words)}}`;
  assert.equal(secrets.scrubValues(line), line);
  assert.deepEqual(secrets.stream().push('abc'), ['abc']);
  assert.equal(holding('local-2024').scrubValues('local-2024'), '[redacted]');
});

test('it is recognised as the field writes it: strict and lenient URLs, cautious JSON, JSON in JSON', () => {
  const secrets = holding('ab/cd+ef==!"&<x');
  const inUrls = ['ab/cd%2Bef%3D%3D%21%22%26%3Cx', 'ab/cd%2bef%3d%3d!%22%26%3cx'];
  const cautious = [
    String.raw`ab\u002fcd\u002bef\u003d\u003d!\u0022\u0026\u003cx`,
    String.raw`ab\u002Fcd\u002Bef\u003D\u003D!\u0022\u0026\u003Cx`,
    String.raw`ab/cd+ef==!\"\u0026\u003cx`,
  ];
  const nested = JSON.stringify(JSON.stringify('ab/cd+ef==!"&<x')).slice(3, -3);
  for (const form of [...inUrls, ...cautious, nested]) {
    assert.equal(secrets.scrubValues(`<${form}>`), '<[redacted]>', form);
  }
});

test('what looks like a key is scrubbed as well, unless the text belongs to the caller', () => {
  const secrets = new Secrets();
  const cases = {
    'key sk-proj-abcdefgh1234 end': 'key [redacted] end',
    'key sk-****wxyz end': 'key [redacted] end',
    'ghp_abcdefghijklmnopqrstuvwxyz end': '[redacted] end',
    'gsk_abcdefghijklmnop1234 end': '[redacted] end',
    'Authorization: Bearer abc.def-123_456': 'Authorization: [redacted]',
    'proxy http://user:pass-word@proxy:3128/': 'proxy http://user:[redacted]@proxy:3128/',
  };
  for (const [text, scrubbed] of Object.entries(cases)) {
    assert.equal(secrets.scrub(text), scrubbed);
    assert.equal(secrets.scrubValues(text), text);
  }
});

test('ordinary words are left alone', () => {
  const secrets = new Secrets();
  for (const text of ['use Bearer authentication', 'a risk-averse-approach', 'http://host:3128/a@b', 'task-sk']) {
    assert.equal(secrets.scrub(text), text);
  }
});

test('a stream holds back only what may be the beginning of a secret', () => {
  const stream = holding('hunter-two').stream();
  assert.deepEqual(stream.push('a hun'), ['a ']);
  assert.deepEqual(stream.push('ger b hunter-'), ['hunger b ']);
  assert.deepEqual(stream.push('two c'), ['[redacted] c']);
  assert.deepEqual(stream.push('h'), []);
  assert.deepEqual(stream.end(), ['h']);
  assert.deepEqual(stream.end(), []);
});

test('a stream waits when a complete secret may still become a longer one', () => {
  const stream = holding('abc-defg', 'abc-defg-123456').stream();
  assert.deepEqual(stream.push('abc-defg'), []);
  assert.deepEqual(stream.push('-12'), []);
  assert.deepEqual(stream.push('3456!'), ['[redacted]!']);
  assert.deepEqual(stream.push('abc-defg-1'), []);
  assert.deepEqual(stream.push('x'), ['[redacted]-1x']);
});

test('a stream does not let the rest of one secret pass because another ended inside it', () => {
  const stream = holding('bcdef', 'abc-defgghij').stream();
  assert.deepEqual(stream.push('abc-defg'), []);
  assert.deepEqual(stream.push('ghij.'), ['[redacted].']);
});

test('a stream ends with its held text scrubbed', () => {
  const stream = holding('abc-defg', 'abc-defg-123456').stream();
  assert.deepEqual(stream.push('abc-defg-1'), []);
  assert.deepEqual(stream.end(), ['[redacted]-1']);
});

test('a long piece of a stream is read in parts, and a secret is found wherever they meet', () => {
  for (let before = 4070; before <= 4110; before++) {
    const stream = holding('hunter-two-three').stream();
    const text = `${'x'.repeat(before)}hunter-two-three${'y'.repeat(5000)}`;
    const scrubbed = [...stream.push(text), ...stream.end()].join('');
    assert.equal(scrubbed, `${'x'.repeat(before)}[redacted]${'y'.repeat(5000)}`);
  }
});

test('what a stream remembers of a piece does not grow with it', () => {
  const stream = holding('hunter-two-three').stream();
  const piece = 'the words of an answer '.repeat(100_000);
  const before = process.memoryUsage().arrayBuffers;
  stream.push(piece);
  assert.ok(process.memoryUsage().arrayBuffers - before < piece.length);
});

test('a secret registered while a stream runs is scrubbed from then on', () => {
  const secrets = new Secrets();
  const stream = secrets.stream();
  assert.deepEqual(stream.push('late-key'), ['late-key']);
  secrets.add('late-key');
  assert.deepEqual(stream.push(' late-'), [' ']);
  assert.deepEqual(stream.push('key'), ['[redacted]']);
});

test('what was cut short may end in the beginning of a secret', () => {
  const secrets = holding('hunter-two-and-more');
  assert.equal(secrets.scrub('the key hunter-tw… of him'), 'the key [redacted]… of him');
  assert.equal(secrets.scrub('the key hun… of him, hunters… too'), 'the key hun… of him, hunters… too');
});

test('secrets that overlap are taken out as one', () => {
  assert.equal(holding('abc-defg', 'defg-hijk').scrubValues('.abc-defg-hijk.'), '.[redacted].');
});

test('it is recognised where every letter is escaped, and in base64 that is escaped again', () => {
  const secrets = holding('open/sesame');
  const forms = ['%6f%70%65%6E%2f%73%65%73%61%6d%65', '&#111;p&#x65;n&#47;sesame', String.raw`open\\\/sesame`];
  for (const form of forms) assert.equal(secrets.scrubValues(`<${form}>`), '<[redacted]>', form);
  const basic = encodeURIComponent(Buffer.from('a:open/sesame?>').toString('base64'));
  assert.equal(basic, 'YTpvcGVuL3Nlc2FtZT8%2B');
  assert.equal(secrets.scrubValues(basic), 'YTp[redacted]T8%2B');
});

test('each line of a private key is a secret of its own', () => {
  const lines = [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2',
    'OF/2NxApJCzGCEDdfSp6VQO30hyhRANC',
  ];
  const pem = (label: string): string => `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
  const secrets = holding(pem('EC PRIVATE KEY'));
  for (const line of lines) assert.equal(secrets.scrubValues(`bad line "${line}"`), 'bad line "[redacted]"');
  assert.equal(secrets.scrubValues('-----BEGIN EC PRIVATE KEY-----'), '-----BEGIN EC PRIVATE KEY-----');
  assert.equal(holding(pem('CERTIFICATE')).scrubValues(`"${lines[0]}"`), `"${lines[0]}"`);
});

test('ten thousand secrets are as good as one', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => `key-${i * 7919}-of-many`);
  const secrets = holding(...values);
  assert.equal(secrets.scrubValues('a key-791900-of-many b key-1-of-many'), 'a [redacted] b key-1-of-many');
});
