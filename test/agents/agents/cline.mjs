// Cline's command line, over chat completions.

import { join } from 'node:path';
import { configured, native } from './installed.mjs';

const PROVIDER = 'openai-compatible';

export const cline = {
  name: 'Cline',
  package: 'cline',
  says: { client: '@cline/core', revision: '2024-11-05', asksForProgress: false },
  program: () => native('@cline/cli', 'bin/cline'),
  start({ folder, modelUrl, server, limitMs, prompt }) {
    const settings = join(folder, 'cline', 'data', 'settings');
    const type = server.url === undefined ? 'stdio' : 'streamableHttp';
    const timeout = limitMs === undefined ? undefined : limitMs / 1000;
    configured(join(settings, 'cline_mcp_settings.json'), { mcpServers: { anymodel: { type, ...server, timeout } } });
    const given = { provider: PROVIDER, model: 'scripted', apiKey: 'none', baseUrl: `${modelUrl}/v1` };
    configured(join(settings, 'providers.json'), {
      version: 1,
      lastUsedProvider: PROVIDER,
      providers: { [PROVIDER]: { settings: given, updatedAt: '2026-01-01T00:00:00.000Z', tokenSource: 'manual' } },
    });
    return {
      args: ['--json', prompt],
      env: { CLINE_DIR: join(folder, 'cline'), CLINE_SESSION_BACKEND_MODE: 'local', CLINE_NO_AUTO_UPDATE: '1' },
    };
  },
};
