// Qwen Code: `qwen -p`, over chat completions.

import { join } from 'node:path';
import { configured, script } from './installed.mjs';

export const qwen = {
  name: 'Qwen Code',
  package: '@qwen-code/qwen-code',
  searches: true,
  says: { client: 'qwen-cli-mcp-client-anymodel', revision: '2025-11-25', asksForProgress: true },
  program: () => script('@qwen-code/qwen-code/cli-entry.js'),
  start({ folder, modelUrl, server, limitMs, prompt }) {
    const { url: httpUrl, ...rest } = server;
    configured(join(folder, '.qwen', 'settings.json'), {
      mcpServers: { anymodel: { ...rest, httpUrl, trust: true, timeout: limitMs } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false },
      security: { auth: { selectedType: 'openai' } },
    });
    return {
      args: ['--yolo', '-p', prompt],
      env: { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: `${modelUrl}/v1`, OPENAI_MODEL: 'scripted' },
    };
  },
};
