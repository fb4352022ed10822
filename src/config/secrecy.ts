// Which parts of a provider's settings are secret, registered so that no output can hold them.

import type { Secrets } from '../core/secrets.ts';
import { isSecretName } from '../core/secrets/names.ts';

/** Names whose values are public by their nature: scrubbing a date or a product name would spoil answers. */
const PUBLIC =
  /^(?:accept|accept-language|anthropic-beta|anthropic-version|api-version|content-type|http-referer|openai-beta|referer|user-agent|x-title)$/i;

/** Header or query values. */
export function registerValues(values: Readonly<Record<string, string>>, secrets: Secrets): void {
  for (const [name, value] of Object.entries(values)) {
    if (PUBLIC.test(name)) continue;
    secrets.add(value.replace(/^(?:basic|bearer|token|apikey)\s+/i, ''));
  }
}

/** Variables that are secret by their names: what a plug-in may read and send, and we never see as a setting. */
export function registerVariables(env: Readonly<Record<string, string | undefined>>, secrets: Secrets): void {
  for (const [name, value] of Object.entries(env)) if (isSecretName(name)) secrets.add(value?.trim() ?? '');
}

/** Whatever a URL carries besides the way to the server: user, password, query. `url` has been checked. */
export function registerUrl(url: string, secrets: Secrets): void {
  const { username, password, searchParams } = new URL(url);
  const user = decoded(username);
  const word = decoded(password);
  if (word === '') secrets.add(user);
  else {
    secrets.add(word);
    secrets.add(`${user}:${word}`);
    secrets.add(`${username}:${password}`);
  }
  registerValues(Object.fromEntries(searchParams), secrets);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
