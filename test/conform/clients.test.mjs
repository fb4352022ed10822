// The official TypeScript clients against everything MCP has, over HTTP and in both eras: they are asked by tools and
// prompts, follow what changes, call tasks, and come back for a result they were let go from.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from '../peers/node_modules/@modelcontextprotocol/client/dist/index.mjs';
import { Client as ClientV1 } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  PromptListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/types.js';
import {
  createTaskSessionFromClient,
  toolDeclarationFromMcpTool,
} from '../peers/node_modules/@modelcontextprotocol/ext-tasks/dist/client/index.js';
import { everything } from './everything.mjs';

const INFO = { name: 'clients-test', version: '1.0.0' };
const CAPABILITIES = { sampling: {}, elicitation: {}, roots: {} };
const WATCHED = 'test://watched-resource';

/** What a client says to the questions it is asked; every form has the fields it needs. */
const MODEL = { model: 'm', role: 'assistant', content: { type: 'text', text: 'Paris' } };
const FORM = { name: 'Ada', color: 'blue', ok: true, username: 'ada', email: 'a@b.example', context: 'tests' };
const USER = ({ params }) => {
  const asked = Object.keys(params.requestedSchema.properties);
  const content = Object.fromEntries(Object.entries(FORM).filter(([name]) => asked.includes(name)));
  return { action: 'accept', content };
};
const ROOTS = { roots: [{ uri: 'file:///work', name: 'work' }] };

function clientV1() {
  const client = new ClientV1(INFO, { capabilities: CAPABILITIES });
  client.setRequestHandler(CreateMessageRequestSchema, async () => MODEL);
  client.setRequestHandler(ElicitRequestSchema, async (request) => USER(request));
  client.setRequestHandler(ListRootsRequestSchema, async () => ROOTS);
  return client;
}

function clientV2(mode) {
  const client = new ClientV2(INFO, { capabilities: CAPABILITIES, versionNegotiation: { mode } });
  client.setRequestHandler('sampling/createMessage', async () => MODEL);
  client.setRequestHandler('elicitation/create', async (request) => USER(request));
  client.setRequestHandler('roots/list', async () => ROOTS);
  return client;
}

const PEERS = [
  {
    name: 'SDK v1',
    client: clientV1,
    transport: (url, options) => new HttpV1(new URL(url), options),
    call: (client, params, options) => client.callTool(params, undefined, options),
    schemas: {
      tools: ToolListChangedNotificationSchema,
      prompts: PromptListChangedNotificationSchema,
      resource: ResourceUpdatedNotificationSchema,
    },
  },
  ...[
    ['SDK v2', 'legacy'],
    ['SDK v2, stateless', { pin: '2026-07-28' }],
  ].map(([name, mode]) => ({
    name,
    client: () => clientV2(mode),
    transport: (url, options) => new HttpV2(new URL(url), options),
    call: (client, params, options) => client.callTool(params, options),
    schemas: {
      tools: 'notifications/tools/list_changed',
      prompts: 'notifications/prompts/list_changed',
      resource: 'notifications/resources/updated',
    },
    standsAlone: mode !== 'legacy',
  })),
];

/** What each tool makes of the answers above. */
const ASKING = [
  ['test_sampling', { prompt: 'What is the capital of France?' }, 'LLM response: Paris'],
  [
    'test_elicitation',
    { message: 'Who are you?' },
    'User response: action=accept, content={"username":"ada","email":"a@b.example"}',
  ],
  ['test_input_required_result_list_roots', {}, 'Roots: {"roots":[{"uri":"file:///work","name":"work"}]}'],
  ['test_input_required_result_multiple_inputs', {}, 'user_name, greeting, client_roots'],
  ['test_input_required_result_multi_round', {}, 'Ada likes blue.'],
  ['test_input_required_result_request_state', {}, 'state-ok'],
];

/** A tool that comes and goes. */
async function hasMore(client) {
  const { tools } = await client.listTools();
  return tools.some((tool) => tool.name === 'test_more');
}

let server;
before(async () => {
  server = await everything();
});
after(() => server?.close());

for (const { name, client: make, transport: open, call, schemas, standsAlone = false } of PEERS) {
  describe(name, { timeout: 60_000 }, () => {
    let client;
    let transport;
    const errors = [];
    /** The events behind which the client took up a stream. */
    const resumed = [];
    const watching = (url, init) => {
      const lastId = new Headers(init?.headers).get('last-event-id');
      if (lastId !== null) resumed.push(lastId);
      return fetch(url, init);
    };
    before(async () => {
      [client, transport] = [make(), open(server.url, { fetch: watching })];
      client.onerror = (error) => errors.push(error);
      await client.connect(transport);
    });
    after(async () => {
      await transport.terminateSession?.();
      await client.close();
      assert.deepEqual(errors, []);
    });

    test('is asked for its model, its user and its roots', async () => {
      for (const [tool, args, expected] of ASKING) {
        const answer = await call(client, { name: tool, arguments: args });
        assert.equal(answer.content[0].text, expected);
      }
    });

    test('is asked by a prompt, which is given the answer', async () => {
      const { messages } = await client.getPrompt({ name: 'test_input_required_result_prompt' });
      assert.equal(messages[0].content.text, 'Use this context: tests');
    });

    test('is told what changes, and only what it follows', async () => {
      const heard = [];
      let wake = () => {};
      for (const [what, schema] of Object.entries(schemas)) {
        client.setNotificationHandler(schema, ({ params }) => {
          heard.push(params?.uri ?? what);
          wake();
        });
      }
      const subscription = standsAlone
        ? await client.listen({ toolsListChanged: true, resourceSubscriptions: [WATCHED] })
        : await client.subscribeResource({ uri: WATCHED });
      const hadMore = await hasMore(client);
      const expected = [WATCHED, 'tools', ...(standsAlone ? [] : ['prompts'])];
      const all = new Promise((resolve) => {
        wake = () => heard.length === expected.length && resolve();
      });
      for (const trigger of [
        'test_trigger_prompt_change',
        'test_trigger_resource_change',
        'test_trigger_tool_change',
      ]) {
        await call(client, { name: trigger, arguments: {} });
      }
      await all;
      assert.deepEqual(new Set(heard), new Set(expected));
      assert.equal(await hasMore(client), !hadMore);
      if (standsAlone) await subscription.close();
      else await client.unsubscribeResource({ uri: WATCHED });
    });

    test('completes an argument', async () => {
      const ref = { type: 'ref/prompt', name: 'test_prompt_with_arguments' };
      const { completion } = await client.complete({ ref, argument: { name: 'arg1', value: 'hel' } });
      assert.deepEqual(completion, { values: ['hello', 'help'], total: 2, hasMore: false });
    });

    if (!standsAlone) {
      test('comes back for the result when it was let go', async () => {
        const answer = await call(client, { name: 'test_reconnection', arguments: {} });
        assert.equal(answer.content[0].text, 'You came back.');
        assert.equal(resumed.length, 1);
      });
    }
  });
}

/**
 * The official requester of tasks, on a client of either era; in the newest it is given the raw way to the server. With a
 * handshake it never asks for the result of a task that waits for input, which is how such a task asks; SDK v1 does.
 */
const TASK_ERAS = [
  { name: 'with a handshake', mode: 'legacy', more: () => ({}), isDeaf: true },
  { name: 'stateless', mode: { pin: '2026-07-28' }, more: () => ({ rawDispatch, v2RequestFraming: FRAMING }) },
];
const FRAMING = {
  protocolVersion: '2026-07-28',
  clientInfo: INFO,
  clientCapabilities: { ...CAPABILITIES, extensions: { 'io.modelcontextprotocol/tasks': {} } },
};
let requests = 0;

async function rawDispatch({ method, params }, { signal } = {}) {
  const name = params.taskId ?? params.name;
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++requests, method, params }),
    signal,
  });
  const { result, error } = await response.json();
  return error === undefined ? { kind: 'result', result } : { kind: 'error', error };
}

for (const { name, mode, more, isDeaf = false } of TASK_ERAS) {
  describe(`tasks, ${name}`, { timeout: 60_000 }, () => {
    let client;
    let session;
    const asked = [];
    before(async () => {
      client = clientV2(mode);
      await client.connect(new HttpV2(new URL(server.url)));
      const { tools } = await client.listTools();
      const declared = new Map(tools.map((tool) => [tool.name, toolDeclarationFromMcpTool(tool)]));
      session = createTaskSessionFromClient(client, {
        endpointId: 'everything',
        tools: { currentTool: (tool) => declared.get(tool) },
        onInputRequest: async ({ kind, params }, { scope }) => {
          asked.push(`${kind} of a ${scope}`);
          return USER({ params });
        },
        ...more(),
      });
    });
    after(async () => {
      await session.close();
      await client.close();
    });
    const settled = async (tool, args) => {
      const execution = await session.callTool(tool, args, { task: { preference: 'prefer' } });
      return (await execution.settle()).outcome;
    };

    test('a call becomes a task and its result is fetched', async () => {
      const { status, result, task } = await settled('slow_compute', { seconds: 0.1, label: 'this' });
      assert.equal(status, 'completed');
      assert.equal(result.content[0].text, 'Computed this in 0.1 s.');
      assert.notEqual(task?.taskId, undefined);
    });

    test('a task asks the user, and goes on with the answer', { skip: isDeaf }, async () => {
      asked.length = 0;
      const { result } = await settled('multi_input', {});
      assert.match(result.content[0].text, /"first":\{"action":"accept","content":\{"name":"Ada"\}/);
      assert.deepEqual(asked, ['elicitation of a task', 'elicitation of a task']);
    });

    test('one that fails says why', async () => {
      const { status, error } = await settled('protocol_error_job', {});
      assert.equal(status, 'failed');
      assert.match(error.message, /This job cannot be done/);
      assert.equal(error.code, isDeaf ? undefined : -32602);
    });
  });
}

describe('SDK v1, tasks', { timeout: 60_000 }, () => {
  let client;
  before(async () => {
    client = clientV1();
    await client.connect(new HttpV1(new URL(server.url)));
  });
  after(() => client.close());

  test('a call becomes a task, and its result is fetched', async () => {
    const stream = client.experimental.tasks.callToolStream(
      { name: 'slow_compute', arguments: { seconds: 0.1, label: 'this' } },
      undefined,
      { task: { ttl: 60_000 } },
    );
    const seen = [];
    for await (const message of stream) seen.push(message);
    assert.equal(seen[0].type, 'taskCreated');
    const last = seen.at(-1);
    assert.equal(last.type, 'result');
    assert.equal(last.result.content[0].text, 'Computed this in 0.1 s.');
    const { tasks } = await client.experimental.tasks.listTasks();
    assert.ok(tasks.some(({ taskId, status }) => taskId === seen[0].task.taskId && status === 'completed'));
  });

  test('a task asks its user, and one that is called off ends', async () => {
    const tasks = client.experimental.tasks;
    const first = async (name, args) => {
      const stream = tasks.callToolStream({ name, arguments: args }, undefined, { task: {} });
      const { value } = await stream.next();
      return { stream, id: value.task.taskId };
    };
    const { stream } = await first('confirm_delete', { filename: 'x' });
    let last;
    for await (const message of stream) last = message;
    assert.equal(last.result?.content[0].text, 'Nothing was deleted.');
    const { id } = await first('slow_compute', { seconds: 60 });
    assert.equal((await tasks.cancelTask(id)).status, 'cancelled');
    await assert.rejects(tasks.cancelTask(id), (error) => error.code === -32602);
  });
});
