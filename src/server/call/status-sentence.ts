// Where a call is, as a sentence for the person who waits for it (PROGRESS=status).

import type { Phase } from '../../core/context.ts';

interface Standing {
  readonly attempt: number;
  /** How long the call has been in the phase. */
  readonly seconds: number;
  /** Characters received since the call began, or began again. */
  readonly characters: number;
}

export function statusSentence(phase: Phase, { attempt, seconds, characters }: Standing): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  const elapsed = seconds > 0 ? ` (${seconds} s)` : '';
  switch (phase) {
    case 'queued':
      return `Waiting for a free place${elapsed}.`;
    case 'connecting':
      return `Connecting to the model${again}${elapsed}.`;
    case 'waiting':
      return `Waiting for the first token${again}${elapsed}.`;
    case 'streaming':
      return characters === 0
        ? `Receiving the answer${elapsed}.`
        : `Receiving the answer: ${characters} characters so far${elapsed}.`;
    case 'retrying':
      return `Waiting to try again${again}${elapsed}.`;
    case 'restart':
      return `Starting again${again}: what had come is dropped.`;
  }
}
