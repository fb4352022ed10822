// Tools that answer at once or say something on the way: every kind of content, errors, progress, the log, a schema that is
// passed on as it is, and an argument that is said again in a header.

import type { Tool } from '../../../src/catalog/tool.ts';
import { delay } from '../../../src/core/clock.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { ObjectSchema } from '../../../src/core/schema.ts';
import { IMAGE, said, shown, text, toolOf, WAV } from './parts.ts';

/** Between two signs of life, as the suite describes its tools. */
const PAUSE_MS = 50;

const EMBEDDED = {
  type: 'resource',
  resource: {
    uri: 'test://embedded-resource',
    mimeType: 'text/plain',
    text: 'This is an embedded resource content.',
  },
} as const;

/** What the suite wants to see in the list, letter by letter. */
const JSON_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

const HEADER_SCHEMA: ObjectSchema = {
  type: 'object',
  properties: {
    region: { type: 'string', description: 'Where it is to run.', 'x-mcp-header': 'Region' },
    level: { type: 'integer', description: 'How much of it.' },
  },
  required: ['region'],
};

export function contentTools(clock: Clock): readonly Tool[] {
  return [...plainTools(), ...talkingTools(clock)];
}

function plainTools(): readonly Tool[] {
  return [
    toolOf('test_simple_text', async () => said('This is a simple text response for testing.')),
    toolOf('test_image_content', async () => ({ content: [IMAGE] })),
    toolOf('test_audio_content', async () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] })),
    toolOf('test_embedded_resource', async () => ({ content: [EMBEDDED] })),
    toolOf('test_multiple_content_types', async () => ({
      content: [text('Multiple content types test:'), IMAGE, EMBEDDED],
    })),
    toolOf('test_error_handling', async () => ({
      content: [text('This tool intentionally returns an error for testing')],
      isError: true,
    })),
    toolOf('json_schema_2020_12_tool', async (args) => said(JSON.stringify(args)), { listedSchema: JSON_SCHEMA }),
    toolOf('test_x_mcp_header', async (args) => said(`It runs in ${shown(args['region'])}.`), {
      inputSchema: HEADER_SCHEMA,
    }),
  ];
}

function talkingTools(clock: Clock): readonly Tool[] {
  return [
    toolOf('test_tool_with_progress', async (_, { progress, cancel }) => {
      for (const done of [0, 50, 100]) {
        progress.step(done, 100, `${done} of 100`);
        await delay(clock, PAUSE_MS, cancel);
      }
      return said('Everything is done.');
    }),
    toolOf('test_tool_with_logging', async (_, { log, cancel }) => {
      for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        log.info(line);
        await delay(clock, PAUSE_MS, cancel);
      }
      return said('Three lines were logged.');
    }),
    // Its client is let go, and comes back for the result.
    toolOf('test_reconnection', async (_, { closeStream, cancel }) => {
      closeStream?.();
      await delay(clock, PAUSE_MS, cancel);
      return said('You came back.');
    }),
    toolOf('test_logging_tool', async (_, { log }) => {
      log.error('This is for whoever asked for a log.');
      return said('One line was logged.');
    }),
  ];
}
