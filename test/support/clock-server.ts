// The far end of the harness's clock, inside the timed build: commands come in on one extra pipe and answers
// go out on another, a JSON object a line.
//
//   {"settle": {"stdin": bytes, "ended": bool, "sockets": [{port, bytes, ended}]}}   answers {} when all of that has arrived
//   {"advance": ms}   moves to the next timer, or to the end, and answers {"left": ms still to go}
//
// Nothing is waited for by the wall: "arrived" is told by counting bytes, on the program's own sockets.

import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { isObject } from '../../src/core/json.ts';
import type { FakeClock } from './clock.ts';
import type { SentTo } from './upstream.ts';

/** Turns of the event loop in which whatever has arrived is acted upon: parsing, promises, writes. */
const QUIET_TURNS = 12;

/** Serves the harness until the process ends; keeps it alive no longer than the program itself would. */
export function serveClock(clock: FakeClock, commandsFd: number, acksFd: number): void {
  const sockets = watchSockets();
  const commands = new Socket({ fd: commandsFd, readable: true, writable: false });
  const acks = new Socket({ fd: acksFd, readable: false, writable: true });
  let queue = Promise.resolve();
  let rest = '';
  const answer = async (line: string): Promise<void> => {
    const ack = await obey(JSON.parse(line), { clock, sockets, isLeft: () => commands.destroyed });
    acks.write(`${JSON.stringify(ack)}\n`);
  };
  commands.setEncoding('utf8');
  commands.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      queue = queue.then(() => answer(line));
    }
  });
  commands.unref();
  acks.unref();
}

interface Served {
  readonly clock: FakeClock;
  readonly sockets: ReadonlySet<Socket>;
  /** The harness is gone. */
  readonly isLeft: () => boolean;
}

async function obey(command: unknown, { clock, sockets, isLeft }: Served): Promise<object> {
  if (!isObject(command)) return { problem: 'not a command' };
  if (typeof command['advance'] === 'number') {
    const end = clock.now() + command['advance'];
    clock.advanceTo(Math.min(clock.nextAt ?? end, end));
    return { left: end - clock.now() };
  }
  const { settle } = command;
  if (!isObject(settle)) return { problem: 'not a command' };
  const sent: readonly SentTo[] = Array.isArray(settle['sockets']) ? settle['sockets'] : [];
  // How long that may take is the harness's to say: how many turns it is depends on how busy the machine is.
  for (let quiet = 0; quiet < QUIET_TURNS && !isLeft();) {
    quiet = isRead(Number(settle['stdin']), settle['ended'] === true) && hasArrived(sockets, sent) ? quiet + 1 : 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {};
}

/** Whether that much of stdin has been read, and its end where it has ended. */
function isRead(bytes: number, hasEnded: boolean): boolean {
  const { stdin } = process;
  if (!(stdin instanceof Socket) || stdin.destroyed) return true;
  return stdin.bytesRead >= bytes && (!hasEnded || stdin.readableEnded);
}

function hasArrived(sockets: ReadonlySet<Socket>, sent: readonly SentTo[]): boolean {
  const live = [...sockets].filter((socket) => !socket.destroyed);
  if (live.some((socket) => socket.connecting)) return false;
  return sent.every(({ port, bytes, ended }) => {
    const socket = live.find(({ localPort }) => localPort === port);
    // One that is gone on our side has nothing more to read.
    return socket === undefined || (socket.bytesRead >= bytes && (!ended || socket.readableEnded));
  });
}

/** Every socket this process opens from now on. */
function watchSockets(): Set<Socket> {
  const sockets = new Set<Socket>();
  subscribe('net.client.socket', (message) => {
    if (!isObject(message) || !(message['socket'] instanceof Socket)) return;
    const { socket } = message;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
