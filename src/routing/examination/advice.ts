// One thing a person can do about a failure, in the names of the provider's own settings. What the Fault itself
// advises stands where nothing here knows better. Pure.

import type { Fault } from '../../core/fault.ts';
import type { Certificate } from '../../providers/http/way/certificate.ts';
import type { LayerName } from '../../providers/http/probe.ts';
import { inItsNames } from '../targets/setting-names.ts';
import type { SettingNames } from '../targets/setting-names.ts';

export interface About {
  readonly names: SettingNames | undefined;
  readonly url: string;
  readonly isContainer: boolean;
  readonly hasKey: boolean;
  readonly wallMs: number;
  /** The one that was shown. */
  readonly certificate?: Certificate;
  /** The layer of the connection that failed. */
  readonly layer?: LayerName;
}

interface Case extends About {
  readonly fault: Fault;
  readonly code: string;
  readonly host: string;
  readonly port: string;
}

interface Row {
  readonly fits: (it: Case) => boolean;
  /** `API_KEY` and `API_BASE_URL` stand for whatever they are called. */
  readonly say: (it: Case) => string;
}

const NO_NAMES: SettingNames = { key: 'API_KEY', baseUrl: 'API_BASE_URL' };

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|::1)$/i;

const SIGN_IN = /log-?in|sign-?in|\bsso\b|saml|oauth|authorize/i;

function isRedirect(status: number = 0): boolean {
  return status >= 300 && status < 400;
}

const is =
  (upstreamCode: string) =>
  ({ fault }: Case): boolean =>
    fault.data.upstreamCode === upstreamCode;

const coded =
  (pattern: RegExp) =>
  ({ code }: Case): boolean =>
    pattern.test(code);

/** The first that fits. */
const ROWS: readonly Row[] = [
  { fits: is('proxy'), say: ({ fault }) => fault.data.next ?? 'Check the proxy.' },
  {
    fits: (it) => is('dns')(it) && it.host === 'host.docker.internal',
    say: () => 'Start the container with --add-host=host.docker.internal:host-gateway.',
  },
  {
    fits: coded(/^EAI_AGAIN$/),
    say: ({ host }) => `No name server answered: check the network and its DNS, or the name ${host} in API_BASE_URL.`,
  },
  {
    fits: is('dns'),
    say: ({ host }) => `Correct the name ${host} in API_BASE_URL, or join the network (VPN) that knows it.`,
  },
  {
    fits: (it) => it.isContainer && it.layer === 'tcp' && LOOPBACK.test(it.host),
    say: ({ host }) =>
      `This runs in a container, whose ${host} is the container itself: write host.docker.internal, or the name of the ` +
      "server's container, in place of it into API_BASE_URL.",
  },
  {
    fits: (it) => is('refused')(it) && coded(/^ECONNREFUSED$/)(it) && LOOPBACK.test(it.host),
    say: ({ port }) => `Start the model server, or correct the port ${port} in API_BASE_URL.`,
  },
  {
    fits: (it) => is('refused')(it) && coded(/^ECONNREFUSED$/)(it),
    say: ({ host, port }) => `Start the server on ${host}, or correct the port ${port} in API_BASE_URL.`,
  },
  {
    fits: ({ fault, layer }) => fault.kind === 'TIMEOUT' && layer === 'tcp',
    say: ({ host, port }) =>
      `Something on the way drops what is sent to ${host}:${port}: check API_BASE_URL, the VPN and the firewall; where ` +
      'the network has a proxy, set HTTPS_PROXY.',
  },
  {
    fits: ({ fault, layer }) => fault.kind === 'TIMEOUT' && layer === 'tls',
    say: ({ port }) => `Port ${port} is open, and does not answer TLS: correct scheme or port in API_BASE_URL.`,
  },
  {
    fits: ({ certificate, wallMs }) => certificate !== undefined && certificate.validFrom > wallMs,
    say: ({ certificate, wallMs }) =>
      `Set the clock of this machine: it says ${day(wallMs)}, and the certificate begins on ${day(certificate?.validFrom)}.`,
  },
  {
    fits: ({ certificate, wallMs }) => certificate !== undefined && certificate.validTo < wallMs,
    say: ({ certificate, wallMs }) =>
      `Have the certificate renewed, which ended on ${day(certificate?.validTo)}; if that is not past, set the clock of ` +
      `this machine, which says ${day(wallMs)}.`,
  },
  {
    fits: coded(/^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/),
    say: ({ certificate }) =>
      `If ${certificate === undefined ? 'its authority' : `"${certificate.issuer}"`} is to be trusted, save its certificate ` +
      'as a PEM file and name that in NODE_EXTRA_CA_CERTS, or in tls.ca of the provider.',
  },
  {
    fits: ({ fault, hasKey }) => fault.kind === 'AUTH' && fault.data.status !== 403 && !hasKey,
    say: () => 'Set API_KEY: no key was sent.',
  },
  {
    fits: ({ fault }) => fault.kind === 'AUTH' && fault.data.status === 401,
    say: () => 'Check API_KEY: whether it is whole, still valid, and a key of this API.',
  },
  {
    fits: ({ fault: { data } }) => isRedirect(data.status) && SIGN_IN.test(data.next ?? ''),
    say: () => 'API_BASE_URL leads to a page where people sign in: ask for the address that programs use.',
  },
];

export function adviceFor(fault: Fault, about: About): string {
  const { hostname, port, protocol } = URL.canParse(about.url)
    ? new URL(about.url)
    : { hostname: '', port: '', protocol: '' };
  const it: Case = {
    ...about,
    fault,
    code: codeOf(fault.cause),
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? '443' : '80') : port,
  };
  const row = ROWS.find(({ fits }) => fits(it));
  const text = row?.say(it) ?? fault.data.next ?? 'Try again later, and ask whoever runs the server.';
  const named = text.replace(/\bthe base URL\b/g, 'API_BASE_URL').replace(/\bthis key\b/, 'the key in API_KEY');
  return inItsNames(named, about.names);
}

/** Where a person names the models of a provider whose API lists none, by what its address is called. */
export function modelsSetting({ baseUrl }: SettingNames = NO_NAMES): string {
  if (/\bbaseUrl\b/.test(baseUrl)) return baseUrl.replace(/\bbaseUrl\b/, 'models');
  const [, prefix = 'API'] = /^([A-Z_]+?)_(?:BASE_URL|HOST|ENDPOINT)$/.exec(baseUrl) ?? [];
  return prefix === 'API' ? 'PROVIDER_CONFIG={"models":["NAME"]}' : `${prefix}_MODELS`;
}

/** `2027-01-31`. */
export function day(ms: number = Number.NaN): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : 'an unknown day';
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
