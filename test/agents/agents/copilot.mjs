// GitHub's Copilot CLI: `copilot -p`, over chat completions of a provider of one's own.

import { join } from 'node:path';
import { configured, native } from './installed.mjs';

export const copilot = {
  name: 'Copilot CLI',
  package: '@github/copilot',
  extendsOnProgress: true,
  says: { client: 'copilot-cli', revision: '2026-07-28', asksForProgress: true },
  program: () => native('@github/copilot', 'copilot'),
  start({ folder, modelUrl, server, limitMs, prompt }) {
    const type = server.url === undefined ? 'local' : 'http';
    configured(join(folder, 'copilot', 'mcp-config.json'), {
      mcpServers: { anymodel: { type, ...server, tools: ['*'], timeout: limitMs } },
    });
    return {
      args: ['-p', prompt, '--allow-all-tools', '-s'],
      env: {
        COPILOT_HOME: join(folder, 'copilot'),
        COPILOT_OFFLINE: 'true',
        COPILOT_AUTO_UPDATE: 'false',
        COPILOT_PROVIDER_BASE_URL: `${modelUrl}/v1`,
        COPILOT_PROVIDER_API_KEY: 'none',
        COPILOT_MODEL: 'scripted',
      },
    };
  },
};
