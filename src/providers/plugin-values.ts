// What the functions of a dialect return, checked by shape: a plug-in is written in JavaScript, and a value of another
// shape would fail far from where it came from. Only as deep as the rooms above look without asking.

import { isObject } from '../core/json.ts';

/** Why a value is no request to be sent, as a clause; undefined when it is one. */
export function sendingProblem(sending: unknown): string | undefined {
  if (!isObject(sending)) return 'is no object';
  const { method, url, headers, body, changed } = sending;
  if (method !== 'GET' && method !== 'POST') return 'has a method that is neither GET nor POST';
  if (typeof url !== 'string' || !/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) return 'has no http(s) url';
  if (!isObject(headers) || Object.values(headers).some((header) => typeof header !== 'string'))
    return 'has headers that are not strings';
  if (body !== undefined && typeof body !== 'string') return 'has a body that is no string';
  return Array.isArray(changed) ? undefined : 'has no list "changed"';
}

export function isDecoder(value: unknown): boolean {
  return isObject(value) && typeof value['push'] === 'function' && typeof value['end'] === 'function';
}

/** By type: the members an event must have, and their types. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  start: {},
  text: { text: 'string' },
  reasoning: { text: 'string' },
  tool: { index: 'number', arguments: 'string' },
  image: { url: 'string' },
  reasoning_detail: { detail: 'object' },
  usage: { usage: 'object' },
  finish: { reason: 'string' },
};

export function areEvents(value: unknown): boolean {
  return isListOf(value, (event) => {
    const { type } = event;
    const members = typeof type === 'string' && Object.hasOwn(MEMBERS, type) ? MEMBERS[type] : undefined;
    return members !== undefined && Object.entries(members).every(([name, kind]) => typeof event[name] === kind);
  });
}

export function areEmbeddings(value: unknown): boolean {
  if (!isObject(value) || typeof value['model'] !== 'string' || !isObject(value['usage'])) return false;
  const { vectors } = value;
  return (
    Array.isArray(vectors) &&
    vectors.every((vector) => Array.isArray(vector) && vector.every((n) => typeof n === 'number'))
  );
}

export function isModel(value: unknown): boolean {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['provider'] === 'string';
}

export function isModelPage(value: unknown): boolean {
  if (!isObject(value) || !(value['next'] === undefined || typeof value['next'] === 'string')) return false;
  return isListOf(value['models'], isModel);
}

export function areMends(value: unknown): boolean {
  return isListOf(value, ({ action }) => typeof action === 'string');
}

function isListOf(value: unknown, isFit: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isObject(item) && isFit(item));
}
