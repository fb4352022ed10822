// What TLS connections of one provider trust and show, read from its PEM texts once, with the first of them: OpenSSL
// takes milliseconds to read a list of authorities. Where nothing is set there is none, and Node takes its own
// authorities, those of NODE_EXTRA_CA_CERTS among them.

import type { SecureContext } from 'node:tls';
import { builtin } from '../../../core/builtin.ts';
import { Fault } from '../../../core/fault.ts';
import { present } from '../../../core/json.ts';
import type { Route, TlsSettings } from './route.ts';

export class TlsContexts {
  readonly #route: Route;
  #own: SecureContext | undefined;
  #proxys: SecureContext | undefined;

  constructor(route: Route) {
    this.#route = route;
  }

  /** For the provider itself. Throws Fault CONFIG for settings that OpenSSL does not take. */
  get own(): SecureContext | undefined {
    const { authorities, tls = {} } = this.#route;
    return (this.#own ??= contextOf({ ...tls, ...present({ ca: tls.ca ?? authorities }) }));
  }

  /** For a proxy on the way, which is shown no client certificate. */
  get proxys(): SecureContext | undefined {
    return (this.#proxys ??= contextOf(present({ ca: this.#route.authorities })));
  }
}

function contextOf({ ca, cert, key }: TlsSettings): SecureContext | undefined {
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  try {
    return builtin('node:tls').createSecureContext(present({ ca, cert, key }));
  } catch (cause) {
    throw new Fault('CONFIG', 'The tls settings of the provider cannot be used together.', {
      data: { next: 'Check that tls.key is the key of the certificate in tls.cert, and that each is in PEM form.' },
      cause,
    });
  }
}
