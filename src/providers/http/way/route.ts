// How one provider's requests leave this machine, as settings; nothing here is opened or loaded. The check tells at
// start what could otherwise only fail with the first call.

import { Fault } from '../../../core/fault.ts';
import { destinationOf } from './destination.ts';
import { proxyFor } from './proxy.ts';

/** `HTTPS_PROXY` and its kin, as they are written. */
export interface Proxies {
  readonly http?: string;
  readonly https?: string;
  readonly all?: string;
  readonly no?: string;
}

/** PEM texts. */
export interface TlsSettings {
  /** Trusted in place of all other authorities, as curl and Node have it; not for the proxy. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Asked for and checked instead of the host of the URL. */
  readonly serverName?: string;
}

/** Every member may be absent; without any, connections are direct and certificates are Node's matter. */
export interface Route {
  /** The environment's. */
  readonly proxies?: Proxies;
  /** The provider's own proxy, whatever the environment says; empty: none. */
  readonly proxy?: string;
  readonly tls?: TlsSettings;
  /** The PEM text of SSL_CERT_FILE: trusted in place of Node's authorities where `tls.ca` is absent, by proxies too. */
  readonly authorities?: string;
  /** The path of a Unix socket that is connected to instead of the URL's host, without a proxy. */
  readonly socketPath?: string;
}

const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/;
const KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;
const LOCKED = /-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m;

/**
 * Fault CONFIG for the first setting of `route` that cannot work for the provider at `baseUrl` with `client`. A key
 * that does not fit its certificate is found with the first connection, because telling needs OpenSSL.
 */
export function routeFault(route: Route, baseUrl: string, client: 'pooled' | 'fetch'): Fault | undefined {
  if (client === 'fetch') return unsupported(route);
  try {
    proxyFor(destinationOf(baseUrl), route);
  } catch (thrown) {
    return Fault.from(thrown);
  }
  const { ca, cert, key } = route.tls ?? {};
  if (route.authorities !== undefined && !CERTIFICATE.test(route.authorities))
    return noPem('SSL_CERT_FILE', 'certificate');
  if (ca !== undefined && !CERTIFICATE.test(ca)) return noPem('tls.ca', 'certificate');
  if (cert !== undefined && !CERTIFICATE.test(cert)) return noPem('tls.cert', 'certificate');
  if (key !== undefined && LOCKED.test(key)) return lockedKey();
  if (key !== undefined && !KEY.test(key)) return noPem('tls.key', 'private key');
  return (cert === undefined) === (key === undefined) ? undefined : half(cert === undefined ? 'cert' : 'key');
}

/** The proxies of the environment are left out: Node may be told to heed them itself. */
function unsupported({ proxy = '', tls, socketPath }: Route): Fault | undefined {
  const asked =
    proxy !== '' ? 'proxy' : tls !== undefined ? 'tls' : socketPath !== undefined ? 'socketPath' : undefined;
  if (asked === undefined) return undefined;
  return new Fault('CONFIG', `The setting ${asked} of a provider does not work with UPSTREAM_CLIENT=fetch.`, {
    data: { next: 'Unset UPSTREAM_CLIENT.' },
  });
}

function noPem(setting: string, what: string): Fault {
  return new Fault('CONFIG', `${setting} holds no ${what} in PEM form.`, {
    data: {
      next: `Name a file whose text begins with -----BEGIN ${what === 'certificate' ? 'CERTIFICATE' : 'PRIVATE KEY'}-----.`,
    },
  });
}

function lockedKey(): Fault {
  return new Fault('CONFIG', 'The key of tls.key is locked with a passphrase.', {
    data: { next: 'Store it without one: openssl pkey -in KEY.pem -out OPEN.pem.' },
  });
}

function half(missing: string): Fault {
  return new Fault('CONFIG', `A client certificate needs tls.cert and tls.key; tls.${missing} is missing.`);
}
