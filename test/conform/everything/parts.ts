// What the fixtures are made of: the shortest image and sound there are, and the ways to write a tool, a question and an
// answer down in one line.

import type { ClientMethod, ClientRequest } from '../../../src/catalog/asking.ts';
import type { ContentBlock, Tool, ToolContext, ToolResult } from '../../../src/catalog/tool.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { JsonObject } from '../../../src/core/json.ts';

/** One red pixel. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

/** A sound without a sample: RIFF, its format (PCM, one channel, 8 kHz, 8 bit), and no data. */
export const WAV: string = Buffer.from(
  '524946462400000057415645666d74201000000001000100401f0000401f0000010008006461746100000000',
  'hex',
).toString('base64');

export const IMAGE: ContentBlock = { type: 'image', data: PNG, mimeType: 'image/png' };

export function text(words: string): ContentBlock {
  return { type: 'text', text: words };
}

/** A value as a sentence can hold it: a text as it is. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

export function said(words: string): ToolResult {
  return { content: [text(words)] };
}

/** A tool that takes nothing, unless `more` says what it takes. */
export function toolOf(name: string, run: Tool['run'], more: Partial<Tool> = {}): Tool {
  return {
    name,
    title: name.replaceAll('_', ' '),
    description: `A fixture of the conformance suite: ${name}.`,
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: true },
    run,
    ...more,
  };
}

/** One question to the user. */
export function elicitation(message: string, properties: JsonObject, required: readonly string[] = []): ClientRequest {
  const requestedSchema = { type: 'object', properties, required: [...required] };
  return { method: 'elicitation/create', params: { message, requestedSchema } };
}

/** One question to the client's model. */
export function sampling(words: string): ClientRequest {
  const messages = [{ role: 'user', content: { type: 'text', text: words } }];
  return { method: 'sampling/createMessage', params: { messages, maxTokens: 100 } };
}

export const ROOTS: ClientRequest = { method: 'roots/list', params: {} };

/** Asks the client; what it answered, by key. */
export async function ask(
  { asking }: ToolContext,
  requests: Readonly<Record<string, ClientRequest>>,
): Promise<Readonly<Record<string, JsonObject>>> {
  if (asking === undefined) throw new Fault('INVALID_INPUT', 'There is no client to ask.');
  return asking.ask(requests);
}

export function can({ asking }: ToolContext, method: ClientMethod): boolean {
  return asking?.can(method) === true;
}
