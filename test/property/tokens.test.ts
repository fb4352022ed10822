// Tokens that are almost right: no change of a valid one is let in, and nothing random makes the judge throw.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from '../../src/access/jwt/parts.ts';
import { keySetOf } from '../../src/access/jwt/key-set.ts';
import { CLAIMS, ecSigner, encoded, judgeBy, rsaSigner, setOf, tokenBy } from '../support/tokens.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
const signers = [rsaSigner('rsa'), ecSigner('ec')];
const judge = judgeBy(setOf(...signers));

function isLetIn(token: string): boolean {
  const judged = judge(token);
  return !(judged instanceof Promise) && 'client' in judged;
}

test('every character of a token counts: another one anywhere, and it is refused', () => {
  for (const [i, signer] of signers.entries()) {
    const token = tokenBy(signer);
    assert.ok(isLetIn(token));
    for (let at = 0; at < token.length; at++) {
      const others = [...ALPHABET, '.', '=', '+', '/', ' '].filter((other) => other !== token[at]);
      const other = others[(at * 31 + i) % others.length] ?? '';
      assert.ok(!isLetIn(token.slice(0, at) + other + token.slice(at + 1)), `character ${at} as ${other}`);
      assert.ok(!isLetIn(token.slice(0, at) + token.slice(at + 1)), `without character ${at}`);
    }
  }
});

test('the last character of each part in every other spelling', () => {
  for (const signer of signers) {
    const parts = tokenBy(signer).split('.');
    for (const [i, part] of parts.entries()) {
      for (const other of ALPHABET) {
        if (other === part.at(-1)) continue;
        assert.ok(!isLetIn(parts.with(i, part.slice(0, -1) + other).join('.')), `part ${i} ending in ${other}`);
      }
    }
  }
});

/** A value such as parsers trip over. */
function anything(draw: Draw, depth = 0): unknown {
  const scalars = [null, true, 0, -1, 1e308, '', 'none', 'RS256', '\ud800', '\u0000', [], {}];
  if (depth > 3 || draw() < 0.5) return oneOf(draw, scalars);
  const members = Array.from({ length: integer(draw, 4) }, () => anything(draw, depth + 1));
  const names = ['alg', 'kid', 'typ', 'crit', 'keys', 'kty', 'n', 'e', 'x', 'y', 'crv', '__proto__'];
  return draw() < 0.5 ? members : Object.fromEntries(members.map((one) => [oneOf(draw, names), one]));
}

test('random headers, claims, sets and bytes are refused, and none is thrown over', () => {
  forSeeds(3000, (draw) => {
    const noise = Array.from({ length: integer(draw, 60) }, () => oneOf(draw, [...ALPHABET, '.', '=', '\u00e9', '\n']));
    const parts = [encoded(anything(draw)), encoded(draw() < 0.5 ? CLAIMS : anything(draw)), encoded(anything(draw))];
    for (const token of [noise.join(''), parts.join('.'), parts.join('')]) {
      assert.ok(!isLetIn(token), token);
      partsOf(token)?.claims();
    }
    const set = JSON.stringify({ keys: [anything(draw), { kty: 'RSA', n: anything(draw), e: 'AQAB' }] });
    keySetOf(set);
    keySetOf(noise.join(''));
  });
});
