// Continue: `cn -p`, over chat completions. It reads JSON where it asks for YAML, which JSON is a part of.

import { join } from 'node:path';
import { configured, script } from './installed.mjs';

export const continued = {
  name: 'Continue',
  package: '@continuedev/cli',
  limitIsFixed: true,
  says: { client: 'continue-cli-client', revision: '2025-11-25', asksForProgress: false },
  program: () => script('@continuedev/cli/dist/cn.js'),
  start({ folder, modelUrl, server, prompt }) {
    const { command, args, env, url, headers } = server;
    const where =
      url === undefined
        ? { type: 'stdio', command, args, env }
        : { type: 'streamable-http', url, requestOptions: { headers } };
    const model = {
      name: 'scripted',
      provider: 'openai',
      model: 'scripted',
      apiBase: `${modelUrl}/v1`,
      apiKey: 'none',
      roles: ['chat'],
      capabilities: ['tool_use'],
    };
    const settings = configured(join(folder, 'config.yaml'), {
      name: 'loopback',
      version: '1.0.0',
      schema: 'v1',
      models: [model],
      mcpServers: [{ name: 'anymodel', ...where }],
    });
    return {
      args: ['-p', '--auto', '--config', settings, prompt],
      env: { CONTINUE_GLOBAL_DIR: join(folder, 'continue'), CONTINUE_TELEMETRY_ENABLED: '0' },
    };
  },
};
