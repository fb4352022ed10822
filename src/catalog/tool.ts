// What a tool is: a name, the schema it lists and is checked against, and a function. A tool sees models
// through `Models` and the caller through `ToolContext`; it knows no revision and no wire.

import type { CallContext } from '../core/context.ts';
import type { JsonObject, Text } from '../core/json.ts';
import type { ObjectSchema } from '../core/schema.ts';
import type { Draft } from '../jobs/draft.ts';
import type { EndingImage, Job } from '../jobs/job.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import type { AskClient } from './asking.ts';
import type { Prompt } from './prompt.ts';
import type { ResourceContents, ResourceOffer } from './resource.ts';

export type ContentBlock =
  | { readonly type: 'text'; readonly text: Text }
  | { readonly type: 'audio'; readonly data: string; readonly mimeType: string }
  | { readonly type: 'resource'; readonly resource: ResourceContents }
  | ImageBlock;

/** An image of an answer; a job keeps it as it is shown. */
export type ImageBlock = EndingImage;

export interface ToolResult {
  readonly content: readonly ContentBlock[];
  /** An object, always (MCP 2025-06-18 and 2025-11-25 allow nothing else). */
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
  /** What there is to say besides the text of the answer, asked for where that is read from a job; absent: nothing. */
  readonly tail?: () => readonly string[];
  /** Goes to `_meta`, with its full key names (`anymodel/model`, …). */
  readonly meta?: JsonObject;
}

/** How a running tool tells its caller what it has so far. */
export interface Progress {
  /**
   * New answer text; wait for the promise, if one comes, before producing more. `counted` says how many of its
   * characters were told of with `count` already.
   */
  text(delta: string, counted?: number): void | Promise<void>;
  /** Characters received that are not to be shown (reasoning, or deltas the caller asked to silence). */
  count(characters: number): void;
  /** How far along work is that has no text to show: `done` grows with every step. */
  step(done: number, total?: number, message?: string): void;
}

export interface ToolContext extends CallContext {
  /** The client of the caller; absent where there is none to ask. */
  readonly asking?: AskClient | undefined;
  /** From now on the call goes on by itself, and its caller asks how it is; absent where that cannot be. Throws `OVERLOADED`. */
  readonly detach?: (() => void) | undefined;
  /**
   * Hands over the text of the answer, to be read as it grows; absent where nobody could. The returned function says that
   * there is a good deal more of it.
   */
  readonly draft?: ((draft: Draft) => () => void) | undefined;
  /** Keeps what is too long for a result; absent where nobody could read it. */
  readonly keep?: Keeping | undefined;
  /** The jobs of the caller; absent where there are none. */
  readonly jobs?: OwnJobs | undefined;
  /** How long the caller surely waits, in ms; absent: as long as it takes. */
  readonly patienceMs?: number | undefined;
  /** Most characters that the caller's client shows of a result; absent: as many as there are. */
  readonly resultChars?: number | undefined;
  /** What it counts are bytes of UTF-8. */
  readonly countsBytes?: boolean | undefined;
  /** How many of them an image counts for; absent: as many as its data has. */
  readonly imageChars?: number | undefined;
  /** Whose it is what the call leaves behind: nobody else may find it. Absent where nobody could be told from anybody else. */
  readonly owner?: string | undefined;
  /** The client runs on this machine, and for the user that we do: its paths are ours. */
  readonly isLocal?: boolean | undefined;
  readonly progress: Progress;
  /** Whether the caller's revision knows `structuredContent`; where not, the tool's text is the JSON. */
  readonly structured: boolean;
  /** Lets the caller go until it comes back for the result, where the transport knows how; elsewhere nothing happens. */
  readonly closeStream?: (() => void) | undefined;
}

export interface Keeping {
  /** Most characters of a text that is kept. */
  readonly most: number;
  /** Keeps the text, to be read on from an offset as a job of the id that it answers; nothing when there is no room. */
  text(draft: Draft, offset: number): string | undefined;
}

export interface ToolAnnotations {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  /** Listed in its place, where it says more than we check; the tool checks the rest itself. */
  readonly listedSchema?: object;
  readonly outputSchema?: ObjectSchema;
  readonly annotations: ToolAnnotations;
  /** Whether a call may outlive its request, or must; absent: neither. */
  readonly task?: 'optional' | 'required';
  /** The tool itself says with `detach` when it does; otherwise it does so at once where the client can follow. */
  readonly detachesItself?: boolean;
  /** Reads jobs: where no such tool is offered, no client that knows no tasks is handed a job. */
  readonly readsJobs?: boolean;
  readonly meta?: JsonObject;
  /** The result of a call that goes on as a job, because its caller may not wait any longer; absent: none ever does. */
  readonly pending?: (job: Job, ctx: ToolContext) => ToolResult;
  /**
   * Brings arguments into the listed shape before they are checked: a scalar for a list, and the like. Throws
   * `INVALID_INPUT` on names the schema does not know, which the schema itself does not say (request/arguments.ts).
   */
  widen?(args: JsonObject): JsonObject;
  /** Arguments have passed `inputSchema`. Throws a Fault; the server turns it into an `isError` result. */
  run(args: JsonObject, ctx: ToolContext): Promise<ToolResult>;
}

/** An immutable snapshot of what is offered. */
export interface Catalog {
  /** In the order they are listed. */
  readonly tools: readonly Tool[];
  /** Listed tools, unlisted ones that are enabled, and the hidden aliases, by the name a caller may use. */
  find(name: string): Tool | undefined;
  readonly resources: ResourceOffer;
  readonly prompts: readonly Prompt[];
  /** Tools there are that are not offered here; absent: none. */
  readonly withheld?: readonly string[];
}

/** Something of what is offered is not what it was: a list has other members, a resource other contents, or a job is in another state. */
export type Change =
  | { readonly list: 'tools' | 'prompts' | 'resources' }
  /** `owner`: whose alone it is to know. */
  | { readonly resource: string; readonly owner?: string }
  | { readonly job: Job };

/**
 * The methods beyond the MCP specification (product sheet, section 5), apart from the wire. Bad params throw
 * a Fault of kind `invalid-params`; an upstream failure throws the Fault of its caller code.
 */
export interface ModelMethods {
  /** `models/list`: the page of models `params` asks for. */
  list(params: JsonObject, ctx: ToolContext): Promise<JsonObject>;
  /** `completion/complete` with messages instead of a `ref`. */
  complete(params: JsonObject, ctx: ToolContext): Promise<JsonObject>;
  /** `createCompletion`: an OpenAI chat request, answered with an OpenAI completion object. */
  createCompletion(params: JsonObject, ctx: ToolContext): Promise<JsonObject>;
}
