// What differs between servers that speak the OpenAI dialect, as far as it is known beforehand: one table by type of
// provider, and one by host. It only saves a refused or misread request; what it does not know is mended by the
// upstream's own 400. WIRE.md 2.1 to 2.3.

/** How one endpoint wants to be asked. */
export interface Profile {
  /**
   * Whether the output cap is `max_completion_tokens`: elsewhere that name is refused or, worse, ignored. `by-name`: for
   * models whose name says that they take no other.
   */
  readonly newTokenCap: 'always' | 'by-name' | 'never';
  /** Whether the role `developer` is known: elsewhere chat templates stumble over it. */
  readonly developer: boolean;
  /** Whether usage is asked for with `stream_options`. */
  readonly streamOptions: boolean;
  /** Whether embeddings are asked for in base64, a quarter of the size. */
  readonly packedEmbeddings: boolean;
  /** Whether there is `/responses`, and models that live nowhere else. */
  readonly responses: boolean;
  /** Whether a tool can be chosen by name. */
  readonly namedToolChoice: boolean;
  /** Whether `response_format` may be `json_object`. */
  readonly jsonObject: boolean;
  /** Whether effort is a member of `reasoning` and not `reasoning_effort`. */
  readonly reasoningObject: boolean;
  /**
   * How reasoning goes back with the next turn: as the `reasoning_details` it came in; as `reasoning_content` of every
   * turn that calls tools; or that, but only of models whose name says that they miss it.
   */
  readonly replay: 'details' | 'text' | 'text-by-name';
}

const COMPATIBLE: Profile = {
  newTokenCap: 'by-name',
  developer: false,
  streamOptions: true,
  packedEmbeddings: false,
  responses: false,
  namedToolChoice: true,
  jsonObject: true,
  reasoningObject: false,
  replay: 'text-by-name',
};

const BY_TYPE: Readonly<Record<string, Partial<Profile>>> = {
  azure: { newTokenCap: 'always', packedEmbeddings: true, responses: true },
  openrouter: { newTokenCap: 'never', reasoningObject: true, replay: 'details' },
  // LM Studio answers 400 to a choice that is an object and to `json_object`; llama.cpp takes the first for `auto`.
  lmstudio: { newTokenCap: 'never', namedToolChoice: false, jsonObject: false },
  vllm: { newTokenCap: 'never' },
  local: { newTokenCap: 'never', namedToolChoice: false },
  // Our own `/v1`, or another's: what has to come back of reasoning is for whoever is behind it.
  gateway: { replay: 'details' },
};

const BY_HOST: readonly (readonly [RegExp, Partial<Profile>])[] = [
  [/(?:^|\.)api\.openai\.com$/, { newTokenCap: 'always', developer: true, packedEmbeddings: true, responses: true }],
  // 400 when a turn that calls tools comes back without its `reasoning_content`.
  [/(?:^|\.)(?:deepseek\.com|moonshot\.ai|moonshot\.cn)$/, { replay: 'text' }],
];

/** `host` in lower case, without the port. */
export function profileOf(type: string, host: string): Profile {
  const byHost = BY_HOST.find(([pattern]) => pattern.test(host))?.[1];
  return { ...COMPATIBLE, ...(Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : {}), ...byHost };
}

/** Families that think between tool calls and miss the thought when it does not come back. */
const MISSES_ITS_THOUGHT = /deepseek|kimi/i;

/** How a model's reasoning goes back to it: `text` even where none was kept, `kept-text` only where some was. */
export type Replay = 'details' | 'text' | 'kept-text' | 'none';

export function replayOf(profile: Profile, model: string): Replay {
  if (profile.replay !== 'text-by-name') return profile.replay;
  return MISSES_ITS_THOUGHT.test(model) ? 'kept-text' : 'none';
}
