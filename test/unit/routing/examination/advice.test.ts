// The next step for each failure of a connection, in the names of the provider's own settings.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { networkFault } from '../../../../src/providers/http/way/network-fault.ts';
import { adviceFor, modelsSetting } from '../../../../src/routing/examination/advice.ts';
import type { About } from '../../../../src/routing/examination/advice.ts';

const NOW = Date.UTC(2026, 5, 15);
const DAY = 86_400_000;

function advised(code: string, about: Partial<About> = {}): string {
  const fault = networkFault(Object.assign(new Error(code), { code }), 'somewhere');
  return adviceFor(fault, {
    names: { key: 'CORP_API_KEY', baseUrl: 'CORP_BASE_URL' },
    url: 'https://llm.example/v1/models',
    isContainer: false,
    hasKey: true,
    wallMs: NOW,
    ...about,
  });
}

const certificate = { subject: 'llm.example', issuer: 'Corp Root CA', validFrom: NOW - DAY, validTo: NOW + DAY };
const local = { url: 'http://localhost:11434/api/tags', layer: 'tcp' } as const;

const CASES: readonly (readonly [claim: string, actual: () => string, next: string])[] = [
  [
    'a name that is not known',
    () => advised('ENOTFOUND'),
    'Correct the name llm.example in CORP_BASE_URL, or join the network (VPN) that knows it.',
  ],
  [
    'no name server',
    () => advised('EAI_AGAIN'),
    'No name server answered: check the network and its DNS, or the name llm.example in CORP_BASE_URL.',
  ],
  [
    'the host of a container that was not told of it',
    () => advised('ENOTFOUND', { url: 'http://host.docker.internal:11434/' }),
    'Start the container with --add-host=host.docker.internal:host-gateway.',
  ],
  [
    'localhost, refused',
    () => advised('ECONNREFUSED', local),
    'Start the model server, or correct the port 11434 in CORP_BASE_URL.',
  ],
  [
    'localhost, refused, inside a container',
    () => advised('ECONNREFUSED', { ...local, isContainer: true }),
    'This runs in a container, whose localhost is the container itself: write host.docker.internal, or the name of the ' +
      "server's container, in place of it into CORP_BASE_URL.",
  ],
  [
    'another host, refused',
    () => advised('ECONNREFUSED', { layer: 'tcp' }),
    'Start the server on llm.example, or correct the port 443 in CORP_BASE_URL.',
  ],
  [
    'packets that are dropped',
    () => advised('ETIMEDOUT', { layer: 'tcp' }),
    'Something on the way drops what is sent to llm.example:443: check CORP_BASE_URL, the VPN and the firewall; where ' +
      'the network has a proxy, set HTTPS_PROXY.',
  ],
  [
    'a port that is silent',
    () => advised('ETIMEDOUT', { layer: 'tls' }),
    'Port 443 is open, and does not answer TLS: correct scheme or port in CORP_BASE_URL.',
  ],
  [
    'a certificate that is yet to come',
    () => advised('CERT_NOT_YET_VALID', { certificate: { ...certificate, validFrom: NOW + DAY } }),
    'Set the clock of this machine: it says 2026-06-15, and the certificate begins on 2026-06-16.',
  ],
  [
    'one that is past',
    () => advised('CERT_HAS_EXPIRED', { certificate: { ...certificate, validTo: NOW - DAY } }),
    'Have the certificate renewed, which ended on 2026-06-14; if that is not past, set the clock of this machine, which ' +
      'says 2026-06-15.',
  ],
  [
    'a private authority',
    () => advised('UNABLE_TO_VERIFY_LEAF_SIGNATURE', { certificate }),
    'If "Corp Root CA" is to be trusted, save its certificate as a PEM file and name that in NODE_EXTRA_CA_CERTS, or in ' +
      'tls.ca of the provider.',
  ],
  [
    'another name in the certificate',
    () => advised('ERR_TLS_CERT_ALTNAME_INVALID', { certificate }),
    'Write the name it is made out to into CORP_BASE_URL, or into tls.serverName of the provider.',
  ],
];

for (const [claim, actual, next] of CASES) test(claim, () => assert.equal(actual(), next));

test('a proxy advises itself', () => {
  const data = { upstreamCode: 'proxy', next: 'Check HTTPS_PROXY, and that the proxy is running.' };
  const about = { names: undefined, url: 'http://localhost/', isContainer: true, hasKey: true, wallMs: NOW };
  const fault = new Fault('NETWORK', 'Nothing accepts connections at the proxy p:1.', { data });
  assert.equal(adviceFor(fault, { ...about, layer: 'tcp' }), data.next);
});

test('where models are named, by what the address is called', () => {
  const settings = ['API_BASE_URL', '--base-url', 'OPENAI_BASE_URL', 'OLLAMA_HOST', 'AZURE_OPENAI_ENDPOINT'];
  assert.deepEqual(
    [...settings, 'providers[0].baseUrl in c.json'].map((baseUrl) => modelsSetting({ key: '', baseUrl })),
    [
      'PROVIDER_CONFIG={"models":["NAME"]}',
      'PROVIDER_CONFIG={"models":["NAME"]}',
      'OPENAI_MODELS',
      'OLLAMA_MODELS',
      'AZURE_OPENAI_MODELS',
      'providers[0].models in c.json',
    ],
  );
});
