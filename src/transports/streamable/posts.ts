// What becomes of a POST: read, told which era it belongs to, checked, and handed to the conversation it belongs to as a
// link of its own. Where every request stands alone, and for whoever has no session, that is a fresh conversation.
// Follows protocol/MCP.md 2.3 (the order of the checks) and 4.2 to 4.4.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import { claimOf, metaOf, readEnvelope } from '../../protocol/envelope.ts';
import type { Peer } from '../../protocol/peer.ts';
import { revisionOf, UNSAID } from '../../protocol/revisions.ts';
import type { Revision } from '../../protocol/revisions.ts';
import { contradiction, insufficiency, VERSION_HEADER } from '../../protocol/routing-headers.ts';
import type { Conversation, ServeOptions, Serving } from '../../rpc/conversation.ts';
import type { Exchange, HeaderFields } from '../../wire/exchange.ts';
import { classify } from '../../wire/jsonrpc.ts';
import type { Notification, Request } from '../../wire/jsonrpc.ts';
import { acceptsOf } from '../posted/accept.ts';
import type { StreamableSetup } from './endpoint.ts';
import { eraOf } from './era.ts';
import { PostLink } from './post-link.ts';
import type { Posted } from './post-link.ts';
import { badRequest, noSession, refuse, unsupported } from '../posted/refusals.ts';
import { readPost } from '../posted/read.ts';
import type { RefusalOptions } from '../posted/refusals.ts';
import type { Session } from './session.ts';
import { SESSION_HEADER } from './sessions.ts';
import type { Sessions } from './sessions.ts';

/** Requests answered at a time, of a session and of all, from which those that take their time are refused. */
const MAX_OF_SESSION = 256;
const MAX_OF_ALL = 4096;

/** An answer takes the time it takes. */
const USUAL: ServeOptions = { graceMs: Infinity };
const CROWDED: ServeOptions = { graceMs: Infinity, maxInFlight: 0 };

/** What a link is for. */
interface Served {
  readonly conversation: Conversation;
  readonly opening: Revision['opening'];
  readonly session?: Session;
  readonly headers?: PostHeaders;
}

type PostHeaders = (fault: string | undefined) => HeaderFields;

export class Posts {
  readonly #setup: StreamableSetup;
  readonly #sessions: Sessions;
  #active = 0;
  /** Those that were opened for one request, and answer it; with whose it is. */
  readonly #alone = new Map<Conversation, string | undefined>();

  constructor(setup: StreamableSetup, sessions: Sessions) {
    this.#setup = setup;
    this.#sessions = sessions;
  }

  async serve(exchange: Exchange, { client }: { readonly client?: string }): Promise<void> {
    const accepts = acceptsOf(exchange.header('accept'));
    if (!accepts.json && !accepts.events) {
      const why = badRequest('it must accept application/json or text/event-stream');
      return this.#refuse(exchange, why, { status: 406 });
    }
    const text = await readPost(exchange, this.#setup);
    if (text === undefined) return;
    this.#route({ exchange, client, accepts, message: classify(text), bytes: text.length });
  }

  #route(posted: Posted): void {
    const { exchange, message } = posted;
    if (message.kind === 'malformed') {
      if (message.id === undefined) exchange.reply(202, {});
      else this.#refuse(exchange, message.fault, { message });
      return;
    }
    const era = eraOf(message, exchange.header(VERSION_HEADER));
    if (era instanceof Fault) this.#refuse(exchange, era, { message });
    else if (era === 'initialize') this.#serveHandshake(posted);
    else if (message.kind === 'request' || message.kind === 'notification') this.#serveStandalone(posted, message);
  }

  #serveStandalone(posted: Posted, message: Request | Notification): void {
    const { exchange, client } = posted;
    const fault = this.#headersFault(exchange, message);
    if (fault !== undefined) this.#refuse(exchange, fault, { message });
    // There is none that does anything: a request is called off by closing its connection.
    else if (message.kind === 'notification') exchange.reply(202, {});
    else {
      const { conversation } = this.#setup.open({ ...present({ client }), carrier: 'request' });
      this.#answer(posted, { conversation, opening: 'per request' });
    }
  }

  /** What is wrong with the headers, unless what is wrong with the body comes first. */
  #headersFault(exchange: Exchange, message: Request | Notification): Fault | undefined {
    const { method, params } = message;
    const meta = metaOf(params);
    const said = { method, params, version: claimOf(meta) };
    const header = (name: string): string | undefined => exchange.header(name);
    if (message.kind === 'notification' && said.version === undefined) return undefined;
    const contradicted = contradiction(header, said);
    if (contradicted !== undefined || message.kind === 'notification') return contradicted;
    const lacking = insufficiency(header, said, this.#setup.headerParams);
    if (lacking === undefined) return undefined;
    try {
      readEnvelope(meta ?? {});
    } catch (thrown) {
      return Fault.from(thrown);
    }
    return lacking;
  }

  #serveHandshake(posted: Posted): void {
    const { exchange, client, message } = posted;
    const version = exchange.header(VERSION_HEADER);
    const isHandshake = message.kind === 'request' && message.method === 'initialize';
    const revision = version === undefined ? UNSAID : revisionOf(version, 'initialize');
    const id = exchange.header(SESSION_HEADER);
    if (revision === undefined && !isHandshake) return this.#refuse(exchange, unsupported(), { message });
    if (id !== undefined) {
      const session = this.#sessions.find(id, client);
      if (session === undefined) return this.#refuse(exchange, noSession(), { status: 404, message });
      if (isHandshake) return this.#refuse(exchange, badRequest('the session was opened already'), { message });
      return this.#answer(posted, { conversation: session.conversation, opening: 'initialize', session });
    }
    if (isHandshake) return this.#openSession(posted);
    const peer = revision === undefined ? undefined : unknownPeer(revision);
    const { conversation } = this.#setup.open({ ...present({ client, peer }), carrier: 'request' });
    return this.#answer(posted, { conversation, opening: 'initialize' });
  }

  #openSession(posted: Posted): void {
    const { exchange, client, message } = posted;
    if (!this.#sessions.makeRoom(client)) {
      const fault = new Fault('OVERLOADED', 'There are too many sessions.');
      return this.#refuse(exchange, fault, { status: 503, headers: { 'retry-after': '10' }, message });
    }
    const talk = this.#setup.open({ ...present({ client }), carrier: 'session' });
    const headers: PostHeaders = (fault) =>
      fault === undefined ? { [SESSION_HEADER]: this.#sessions.open(talk, client).id } : {};
    return this.#answer(posted, { conversation: talk.conversation, opening: 'initialize', headers });
  }

  #answer(posted: Posted, { conversation, opening, session, headers }: Served): void {
    const link = new PostLink({ posted, opening, headers, streams: session, means: this.#setup });
    const leave = session?.answering(link) ?? this.#answering(conversation, posted.client);
    const isCrowded = ++this.#active > MAX_OF_ALL || (session?.busy ?? 0) > MAX_OF_SESSION;
    const serving = conversation.serve(link, isCrowded ? CROWDED : USUAL);
    link.servedBy(serving);
    void this.#left(serving, leave);
  }

  #answering(conversation: Conversation, client: string | undefined): () => void {
    this.#alone.set(conversation, client);
    return () => void this.#alone.delete(conversation);
  }

  /** The server is about to stop: what waits for the client's word answers now. */
  drain(): void {
    for (const conversation of this.#alone.keys()) conversation.drain();
  }

  /** What waits for something to tell to a client that may no more be here answers now; calls under way go on. */
  review(mayStay: (client: string | undefined) => boolean): void {
    for (const [conversation, client] of this.#alone) if (!mayStay(client)) conversation.drain();
  }

  async #left({ done }: Serving, leave: () => void): Promise<void> {
    await done;
    this.#active--;
    leave();
  }

  #refuse(exchange: Exchange, fault: Fault, options?: Omit<RefusalOptions, 'scrub'>): void {
    refuse(exchange, fault, { scrub: this.#setup.scrub, ...options });
  }
}

/** Somebody who shook hands with nobody here, and is taken to have settled what its header says. */
function unknownPeer(revision: Revision): Peer {
  return { revision, client: undefined, capabilities: {}, logLevel: 'warning', introduced: true };
}
