// OpenAI's Codex: `codex exec`, over the Responses API.

import { join } from 'node:path';
import { configured, script } from './installed.mjs';

const quoted = JSON.stringify;

export const codex = {
  name: 'Codex',
  package: '@openai/codex',
  says: { client: 'codex-mcp-client', revision: '2025-06-18', asksForProgress: true },
  program: () => script('@openai/codex/bin/codex.js'),
  start({ folder, modelUrl, server, limitMs, prompt }) {
    configured(join(folder, 'codex', 'config.toml'), toml({ modelUrl, server, limitMs }));
    return {
      args: ['exec', '--skip-git-repo-check', prompt],
      env: { CODEX_HOME: join(folder, 'codex') },
    };
  },
};

function toml({ modelUrl, server, limitMs }) {
  return `
model = "scripted"
model_provider = "loopback"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.loopback]
name = "loopback"
base_url = "${modelUrl}/v1"
wire_api = "responses"
[mcp_servers.anymodel]
${limitMs === undefined ? '' : `tool_timeout_sec = ${limitMs / 1000}`}
${
  server.url === undefined
    ? `command = ${quoted(server.command)}\nargs = ${quoted(server.args)}\n${table('env', server.env)}`
    : `url = ${quoted(server.url)}\n${table('http_headers', server.headers)}`
}`;
}

/** A table within our server's. */
function table(name, entries) {
  const lines = Object.entries(entries).map(([key, value]) => `${key} = ${quoted(value)}`);
  return [`[mcp_servers.anymodel.${name}]`, ...lines].join('\n');
}
