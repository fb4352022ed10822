// Anthropic's Claude Code: `claude -p`, over the Messages API.

import { join } from 'node:path';
import { configured, native } from './installed.mjs';

export const claude = {
  name: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  says: { client: 'claude-code', revision: '2026-07-28', asksForProgress: true },
  program: () => native('@anthropic-ai/claude-code', 'claude'),
  start({ folder, modelUrl, server, limitMs, prompt }) {
    const type = server.url === undefined ? 'stdio' : 'http';
    const servers = configured(join(folder, 'servers.json'), { mcpServers: { anymodel: { type, ...server } } });
    const allowed = ['--allowedTools', 'mcp__anymodel__chat,mcp__anymodel__generate,mcp__anymodel__job'];
    return {
      args: ['-p', prompt, '--mcp-config', servers, '--strict-mcp-config', ...allowed],
      env: {
        ANTHROPIC_BASE_URL: modelUrl,
        ANTHROPIC_API_KEY: 'none',
        CLAUDE_CONFIG_DIR: join(folder, 'claude'),
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        DISABLE_TELEMETRY: '1',
        ...(limitMs === undefined ? {} : { MCP_TOOL_TIMEOUT: String(limitMs) }),
      },
    };
  },
};
