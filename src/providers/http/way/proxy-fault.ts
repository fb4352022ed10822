// What goes wrong with a proxy, as Faults NETWORK `proxy`. They name the proxy's host and port and the setting it
// came from, never its password; of what the proxy said they repeat the status, and the names of the ways to
// authenticate that it offers.

import { Fault } from '../../../core/fault.ts';
import type { FaultData } from '../../../core/fault.ts';
import type { AnswerHead } from '../../../wire/http1-head.ts';
import { networkFault } from './network-fault.ts';
import type { Proxy } from './proxy.ts';

type Answer = Pick<AnswerHead, 'status' | 'get'>;

/** The proxy will not hand a request on to `where`, by what it answered. */
export function refusal(head: Answer, proxy: Proxy, where: string): Fault {
  const { status } = head;
  // tinyproxy's word for a wrong password.
  if (status === 407 || status === 401) return unauthorized(head, proxy);
  const isPassing = status >= 500 || status === 429;
  return fault(`The proxy ${proxy.where} did not connect to ${where} (${status}).`, {
    retry: isPassing ? 'again' : 'elsewhere',
    next: isPassing
      ? `Check that the proxy can reach ${where}.`
      : 'Have the proxy allow it, or go without one: by NO_PROXY, or an empty proxy setting of the provider.',
  });
}

/** Fault for an answer that a proxy gave of itself, to a request that it should have handed on; `undefined` for others. */
export function forwardRefusal(head: Answer, proxy: Proxy, where: string): Fault | undefined {
  const isOwn = head.status === 407 || (head.status === 401 && /^tinyproxy\b/i.test(head.get('server') ?? ''));
  return isOwn ? refusal(head, proxy, where) : undefined;
}

function unauthorized(head: Answer, { where, secure, authorization, setting }: Proxy): Fault {
  const { status } = head;
  const challenge = head.get('proxy-authenticate') ?? '';
  const offered = [...challenge.matchAll(/(?:^|,)\s*([a-z]{1,20})(?=\s|,|$)/gi)].map(([, scheme = '']) => scheme);
  const isBasic = offered.length === 0 || offered.some((scheme) => scheme.toLowerCase() === 'basic');
  return fault(
    authorization === undefined
      ? `The proxy ${where} asks for a user name and a password (${status}).`
      : `The proxy ${where} does not accept the user name and the password of ${setting} (${status}).`,
    {
      retry: 'elsewhere',
      next: isBasic
        ? `Write them into ${setting}, percent-encoded: ${secure ? 'https' : 'http'}://USER:PASSWORD@${where}.`
        : `It offers ${offered.join(', ')}, and only Basic is spoken: ask for that, or run a local proxy that translates.`,
    },
  );
}

/** What stopped the connection to the proxy, or ended it before it answered. */
export function unreachable(error: unknown, { where, setting }: Proxy): Fault {
  const inner = networkFault(error, `the proxy ${where}`);
  const message = inner.message.charAt(0).toUpperCase() + inner.message.slice(1);
  const isTrust = inner.data.upstreamCode === 'tls' && inner.retry === 'elsewhere';
  return fault(
    message,
    {
      retry: inner.retry,
      next: isTrust
        ? 'Name the file of the authority that signed it in NODE_EXTRA_CA_CERTS.'
        : `Check ${setting}, and that the proxy is running.`,
    },
    error,
  );
}

/** The proxy answered, but not as one. */
export function misspoken(thrown: unknown, { setting }: Proxy): Fault {
  return fault(Fault.from(thrown).message, { next: `Check host, port and scheme of ${setting}.` }, thrown);
}

function fault(message: string, data: FaultData, cause?: unknown): Fault {
  return new Fault('NETWORK', message, { data: { upstreamCode: 'proxy', ...data }, cause });
}
