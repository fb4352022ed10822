// The commands that are clients of our own server: a conversation inside the process, ended with the command.

import { Fault } from '../core/fault.ts';
import type { Gateway } from '../gateway.ts';
import type { Invocation } from './args.ts';
import { chat } from './commands/chat.ts';
import { openSession } from './client.ts';
import type { Session } from './client.ts';
import { demo } from './commands/demo.ts';
import type { Host } from './host.ts';
import { models } from './commands/models.ts';

/** Gives the exit code; rejects with `CANCELLED` when the process is asked to end. */
export async function converse(host: Host, invocation: Invocation, gateway: Gateway): Promise<number> {
  const session = await openSession(gateway, host.version);
  const interrupted = new Promise<never>((_, reject) => {
    host.onSignal((name) => reject(new Fault('CANCELLED', `Stopped by ${name}.`)));
  });
  try {
    return await Promise.race([commanded(host, invocation, session), interrupted]);
  } finally {
    await session.client.close();
  }
}

function commanded(host: Host, { command, switches, words }: Invocation, session: Session): Promise<number> {
  if (command === 'demo') return demo(host, session, switches.has('--live'));
  return command === 'chat' ? chat(host, session.client, words) : models(host, session.client);
}
