// What to say when a provider's API has nothing of the kind: nothing is sent.

import { Fault } from '../../../core/fault.ts';
import type { AttachmentKind } from '../../chat.ts';

export function notOffered(what: string, provider: string): Fault {
  return new Fault('INVALID_INPUT', `The API of ${provider} does not offer ${what}.`, {
    data: { provider, retry: 'elsewhere', next: 'Ask a model of another provider.' },
  });
}

const INSTEAD: Readonly<Record<AttachmentKind, string>> = {
  input_audio: "Send text and images, or ask a model that speaks OpenAI's own chat API.",
  file: 'Send the text of the file, or its pages as images, or ask a model of OpenAI, Anthropic or OpenRouter.',
};

/** A part of a message that this wire has no form for; another target's may have one. */
export function notTaken(kind: AttachmentKind): Fault {
  return new Fault('INVALID_INPUT', `This API takes no content parts of type "${kind}".`, {
    data: { param: 'messages', retry: 'elsewhere', next: INSTEAD[kind] },
  });
}
