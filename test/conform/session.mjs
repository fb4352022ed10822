// What the tests against upstreams of others share: the bundle as a client would start it, through the official
// client. It knows no upstream.

import { Client } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/index.js';
import { StdioClientTransport } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/stdio.js';
import { ProgressNotificationSchema } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/types.js';
import { bundle } from '../peers/peers.mjs';

/** The bundle with that environment; `call` answers a tool's result and, as `heard`, every notice of its progress. */
export async function connect(env) {
  const client = new Client({ name: 'upstream-test', version: '1' });
  const notices = [];
  let calls = 0;
  // In place of the client's own handler, which drops a notice that is read together with the answer.
  client.setNotificationHandler(ProgressNotificationSchema, ({ params }) => {
    notices.push(params);
  });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bundle],
    env: { LOG_LEVEL: 'error', ...env },
  });
  await client.connect(transport);
  return {
    close: () => client.close(),
    async call(name, args) {
      const progressToken = `call-${++calls}`;
      const result = await client.callTool({ name, arguments: args, _meta: { progressToken } });
      return { ...result, heard: notices.filter((notice) => notice.progressToken === progressToken) };
    },
  };
}

/** The text of an answer, which must be one. */
export function textOf({ content, isError }) {
  if (isError === true) throw new Error(`an error instead of an answer: ${content[0].text}`);
  return content[0].text;
}

/** The text a client joins from the notices: what came before a restart is dropped. */
export function joined(heard) {
  const restart = heard.findLastIndex(({ _meta }) => _meta?.['anymodel/phase'] === 'restart');
  return heard
    .slice(restart + 1)
    .map(({ message = '' }) => message)
    .join('');
}
