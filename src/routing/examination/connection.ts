// The steps of the connection: name, address, proxy, certificate. Where TLS is spoken to a server without it, or the
// other way round, that is found out by trying, with no key.

import { CancelSource } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Certificate } from '../../providers/http/way/certificate.ts';
import { probeConnection } from '../../providers/http/probe.ts';
import type { Layer } from '../../providers/http/probe.ts';
import { inItsNames } from '../targets/setting-names.ts';
import { adviceFor, day } from './advice.ts';
import { aboutOf } from './request.ts';
import type { Finding } from './course.ts';
import type { Exam } from './subject.ts';

/** No connection may take longer, whatever is configured. */
const MOST_CONNECT_MS = 10_000;
/** For finding out what is spoken there. */
const TRY_MS = 3000;
const DAY_MS = 86_400_000;

/** Looks at the connection to `url`. Answers whether it stands, or may. Throws Fault CONFIG for settings that cannot be used. */
export async function connectionSteps(exam: Exam, url: string): Promise<boolean> {
  const { course, subject, tools, options } = exam;
  if (subject.route === undefined) return true;
  const layers = await probeConnection(url, {
    route: subject.route,
    clock: tools.clock,
    connectMs: Math.min(MOST_CONNECT_MS, subject.parts.settings.timeout.connectMs),
    cancel: options.cancel,
    onLayer: (name) => course.begin(name),
  });
  for (const layer of layers) {
    const { name, ms, fault } = layer;
    if (fault === undefined) course.tell(name, held(layer, tools.clock.wall()), ms);
    else course.tell(name, await broken(exam, url, { ...layer, fault }), ms);
  }
  return layers.every(({ fault }) => fault === undefined);
}

function held(layer: Layer, wallMs: number): Finding {
  const { addresses = [], peer = '', missed = [], proxy, protocol, certificate } = layer;
  switch (layer.name) {
    case 'dns':
      return { state: 'ok', said: of(proxy) + addresses.join(', '), facts: { addresses: [...addresses] } };
    case 'tcp': {
      const vain = missed.length === 0 ? '' : `; tried in vain first: ${missed.join(', ')}`;
      return { state: 'ok', said: of(proxy) + peer + vain, facts: { peer, missed: [...missed] } };
    }
    case 'proxy': {
      const does = proxy?.isTunnel === true ? 'opened a tunnel' : 'is handed each request';
      const { where = '', setting = '' } = proxy ?? {};
      return { state: 'ok', said: `${where} (from ${setting}) ${does}`, facts: { proxy: where, setting } };
    }
    case 'tls': {
      if (certificate === undefined) return { state: 'ok', said: protocol ?? '' };
      const { subject, issuer, validTo } = certificate;
      const days = Math.floor((validTo - wallMs) / DAY_MS);
      const left = days < 3650 ? `${days} days left` : 'years left';
      const said = `${protocol ?? 'TLS'}, the certificate of ${subject}, signed by ${signerOf(certificate)}, ${left}`;
      return { state: 'ok', said, facts: { ...present({ protocol }), subject, issuer, until: day(validTo), days } };
    }
  }
}

function signerOf({ subject, issuer }: Certificate): string {
  return subject === issuer ? 'itself' : issuer;
}

/** Names and addresses are the proxy's where there is one. */
function of(proxy: Layer['proxy']): string {
  return proxy === undefined ? '' : `of the proxy ${proxy.where}: `;
}

async function broken(
  exam: Exam,
  url: string,
  { name, fault, certificate, missed = [] }: Layer & { readonly fault: Fault },
): Promise<Finding> {
  const whose =
    certificate === undefined
      ? ''
      : ` It is that of ${certificate.subject}, signed by ${signerOf(certificate)}, from ${day(certificate.validFrom)} to ${day(certificate.validTo)}.`;
  const tried = name === 'tcp' && missed.length > 1 ? ` Tried: ${missed.join(', ')}.` : '';
  if (name === 'tls' && certificate === undefined && (await speaksPlain(exam, url))) {
    const { names } = exam.subject.parts.settings;
    const next = inItsNames('Write http:// in place of https:// into API_BASE_URL.', names);
    return { state: 'failed', said: `${fault.message} It speaks HTTP without TLS.`, next };
  }
  const about = { ...aboutOf(exam, url), layer: name, ...present({ certificate }) };
  return { state: 'failed', said: fault.message + whose + tried, next: adviceFor(fault, about) };
}

/** Whether an HTTP answer comes without TLS. Nothing secret is sent, and any answer will do. */
async function speaksPlain({ subject, tools }: Exam, written: string): Promise<boolean> {
  const { host, hostname, port } = new URL(written);
  const cancel = new CancelSource();
  const stop = tools.clock.after(TRY_MS, () => cancel.cancel(new Fault('TIMEOUT', 'No answer came.')));
  try {
    const url = `http://${port === '' ? `${hostname}:443` : host}/`;
    const { body } = await subject.parts.fetch(url, { method: 'GET', headers: {}, cancel, connectTimeoutMs: TRY_MS });
    void body[Symbol.asyncIterator]().return?.();
    return true;
  } catch {
    return false;
  } finally {
    stop();
  }
}

/** Whether the port of an http URL speaks TLS, as an answer that is no HTTP, or none at all, may mean. */
export async function speaksTls(exam: Exam, written: string): Promise<boolean> {
  const { tools, options, subject } = exam;
  const { route } = subject;
  const url = new URL(written);
  if (route === undefined || url.protocol !== 'http:') return false;
  const secure = `https://${url.port === '' ? `${url.hostname}:80` : url.host}/`;
  const straight = { ...route, proxy: '' };
  const { cancel } = options;
  const layers = await probeConnection(secure, { route: straight, clock: tools.clock, connectMs: TRY_MS, cancel });
  return layers.some(({ protocol }) => protocol !== undefined);
}

export function overTls({ subject }: Exam, message: string): Finding {
  const next = inItsNames('Write https:// in place of http:// into API_BASE_URL.', subject.parts.settings.names);
  return { state: 'failed', said: `${message} It speaks TLS.`, next };
}
