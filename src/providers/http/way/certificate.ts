// What a server shows in a TLS handshake, for people: the protocol, whose certificate it is, who signed it, from when to
// when it holds. It is told whether or not it is trusted.

import type { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { builtin } from '../../../core/builtin.ts';
import { present } from '../../../core/json.ts';

export interface Certificate {
  /** Its common name, else the first of the names it is made out to. */
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the Unix epoch; NaN where they cannot be read. */
  readonly validFrom: number;
  readonly validTo: number;
}

export interface Shown {
  /** Such as `TLSv1.3`. */
  readonly protocol?: string;
  readonly certificate?: Certificate;
}

/** Of a TLS socket whose handshake is just done. */
export function shownBy(socket: Socket): Shown {
  if (!(socket instanceof builtin('node:tls').TLSSocket)) return {};
  const shown = socket.getPeerCertificate();
  return present({
    protocol: socket.getProtocol() ?? undefined,
    // Without a certificate it is an empty object, whatever its type says.
    certificate: 'subject' in shown ? certificateOf(shown) : undefined,
  });
}

function certificateOf(shown: PeerCertificate): Certificate {
  const [first = ''] = (shown.subjectaltname ?? '').split(', ');
  return {
    subject: nameIn(shown.subject) || first.replace(/^[\w ]+:/, ''),
    issuer: nameIn(shown.issuer),
    validFrom: Date.parse(shown.valid_from),
    validTo: Date.parse(shown.valid_to),
  };
}

/** Without any name the whole of it is missing. */
function nameIn(name: Partial<PeerCertificate['subject']> | undefined): string {
  return String(name?.CN ?? name?.O ?? '');
}
