// What a fake server does with one connection, step by step: bytes, waits, and the ways of leaving. The bytes of a
// step leave in one piece or in several, cut anywhere, also within a character.

import type { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { randomCuts } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

/** `close` ends in order, `reset` does not; `hang` says nothing more until the other side leaves. */
export type Step = Buffer | { readonly atOnce: Buffer } | { readonly waitMs: number } | 'close' | 'reset' | 'hang';

const CUT_SHARE = 0.3;
/** Most bytes of a piece; long answers are cut into larger ones, or they would take the run's time. */
const PIECE_BYTES = 200;
const MOST_PIECES = 60;

/** Resolves when all was done, or when the other side has left. */
export async function play(steps: readonly Step[], socket: Socket, draw: Draw): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step === 'close') socket.end();
    else if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'hang') await leaving(socket);
    else if (Buffer.isBuffer(step)) await write(step, socket, draw);
    else if ('atOnce' in step) socket.write(step.atOnce);
    else await pause(step.waitMs);
  }
}

async function write(bytes: Buffer, socket: Socket, draw: Draw): Promise<void> {
  if (draw() > CUT_SHARE) {
    socket.write(bytes);
    return;
  }
  for (const piece of randomCuts(draw, bytes, Math.max(PIECE_BYTES, (2 * bytes.length) / MOST_PIECES))) {
    if (socket.destroyed) return;
    socket.write(piece);
    await turn();
  }
}

function leaving(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once('close', () => resolve());
  });
}
