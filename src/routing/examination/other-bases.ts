// Where the list of models is when it is not where the base URL leads: a part of the path that is missing or too much.
// Only other paths of the same server are tried, and only those that are in use.

import type { Exam } from './subject.ts';
import { askForList } from './list-request.ts';
import { shownUrl } from './request.ts';

const TRY_MS = 4000;

/** A base URL under which there is a list; undefined where none was found, or the API is of another kind. */
export async function betterBase(exam: Exam): Promise<string | undefined> {
  const { settings, dialect } = exam.subject.parts;
  if (dialect.name !== 'openai' || !URL.canParse(settings.baseUrl)) return undefined;
  const [apiKey = ''] = settings.apiKeys();
  const written = new URL(settings.baseUrl).pathname.replace(/\/+$/, '');
  const paths = new Set([`${written}/v1`, '/v1', '/api/v1', '/openai/v1', '/api'].filter((path) => path !== written));
  for (const path of paths) {
    const url = new URL(settings.baseUrl);
    url.pathname = path;
    const { models } = await askForList(exam, { apiKey, baseUrl: url.href }, TRY_MS);
    if (models.length > 0) return shownUrl(url.href);
  }
  return undefined;
}
