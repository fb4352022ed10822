// Google's Gemini CLI: `gemini -p`, over generateContent.

import { join } from 'node:path';
import { configured, script } from './installed.mjs';

export const gemini = {
  name: 'Gemini CLI',
  package: '@google/gemini-cli',
  says: { client: 'gemini-cli-mcp-client', revision: '2025-06-18', asksForProgress: true },
  program: () => script('@google/gemini-cli/bundle/gemini.js'),
  start({ folder, modelUrl, server, limitMs, prompt }) {
    const { url: httpUrl, ...rest } = server;
    configured(join(folder, '.gemini', 'settings.json'), {
      mcpServers: { anymodel: { ...rest, httpUrl, trust: true, timeout: limitMs } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      security: { auth: { selectedType: 'gemini-api-key' } },
    });
    return {
      args: ['--skip-trust', '-m', 'gemini-2.5-flash', '-p', prompt],
      env: { GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: modelUrl },
    };
  },
};
