// opencode: `opencode run`, over chat completions.

import { join } from 'node:path';
import { configured, native } from './installed.mjs';

export const opencode = {
  name: 'opencode',
  package: 'opencode-ai',
  extendsOnProgress: true,
  says: { client: 'opencode', revision: '2025-11-25', asksForProgress: true },
  program: () => native('opencode', 'bin/opencode'),
  start({ folder, modelUrl, server, limitMs, prompt }) {
    const { command, args, env: environment, url, headers } = server;
    const where =
      url === undefined
        ? { type: 'local', command: [command, ...args], environment }
        : { type: 'remote', url, headers, oauth: false };
    const provider = {
      npm: '@ai-sdk/openai-compatible',
      name: 'loopback',
      options: { baseURL: `${modelUrl}/v1`, apiKey: 'none' },
      models: { scripted: { name: 'scripted' } },
    };
    const settings = configured(join(folder, 'opencode.json'), {
      autoupdate: false,
      share: 'disabled',
      model: 'loopback/scripted',
      small_model: 'loopback/scripted',
      provider: { loopback: provider },
      mcp: { anymodel: { ...where, enabled: true, timeout: limitMs } },
    });
    return {
      args: ['run', prompt],
      env: {
        OPENCODE_CONFIG: settings,
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
      },
    };
  },
};
