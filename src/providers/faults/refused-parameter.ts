// Which parameters a refusal names, and whether the server does not take them at all or only what they were set
// to, read off the words that servers use: OpenAI, Azure, FastAPI, vLLM, Mistral, Groq, Anthropic, Bedrock, Gemini
// and those that copy them. Pure, and the same for every dialect. WIRE.md 2.3 and 5.1, cases 82 and 83.

import type { Fault } from '../../core/fault.ts';

export interface RefusedParameter {
  /** As the upstream writes it, nested ones with dots: `options.num_ctx`, `messages.0.role`. */
  readonly param: string;
  /** The parameter is known to it; what it was set to is refused. */
  readonly isValue: boolean;
  /** The values it takes, where it lists them; absent too when only the default one will do. */
  readonly accepts?: readonly string[];
}

/** The ways of saying "I do not take this"; a value out of range is not one of them. */
const NOT_TAKEN =
  /unsupported|not support|unrecogni[sz]ed|unknown|unexpected|extraneous|extra inputs|extra_forbidden|not permitted|not allowed|additional propert|only the default|deprecated|not available|no longer|cannot both/i;

const ONLY_THIS_VALUE = /unsupported.value|only the default|does not support ['"`\d]|may only be set/i;

const LISTED =
  /(?:(?:supported|allowed|accepted|valid|permitted) (?:values|levels)(?: are)?|must be (?:one of|either)|(?:input should be|expected one of))[:\s]+(.+?)(?:[.;](?:\s|$)|$)/i;

const PATH = String.raw`[a-z_]\w*(?:\.\w+|\[\w+\])*`;
const QUOTE = '[\'"`]?';

/** The first that fits counts. It names its parameters in the first group: one, or several between commas. */
const FORMS: readonly RegExp[] = [
  // Something within a list, whatever it is: messages.0: …, tools[1].function …
  /\b((?:messages|tools|input)(?:\.\d|\[\d)[\w.[\]]*)/gi,
  // Extra inputs are not permitted, field: 'x'
  new RegExp(`not permitted, field: ${QUOTE}(${PATH})`, 'gi'),
  // Additional properties are not allowed ('x', 'y' were unexpected)
  /additional properties are not allowed \((.+?) (?:was|were) unexpected/gi,
  // Unsupported parameter: 'x'. Unrecognized request arguments supplied: x, y. Unknown name "x". extraneous key [x].
  // unexpected keyword argument 'x'.
  new RegExp(
    String.raw`(?:unsupported|unknown|unrecogni[sz]ed|unexpected|extraneous)(?: (?:request|keyword|input|body|query))? (?:parameter|argument|field|property|key|name|value)s?(?: supplied)?:? ?[['"\`]?(${PATH}(?:, ${PATH})*)`,
    'gi',
  ),
  // `x` and `y` cannot both be specified: the second is the one to leave out.
  /[`'"]\w+[`'"] and [`'"](\w+)[`'"] cannot both/gi,
  // FastAPI's own errors as Python writes them: {'loc': ('body', 'x'), 'msg': …}
  /'loc': [[(]'body', '(\w+)'/gi,
  // 'x' does not support 0.2. `x` is deprecated. x: Extra inputs are not permitted. property 'x' is unsupported.
  // x: Input should be 'low' or 'high'.
  new RegExp(
    `(?<![\\w.\\]])(?!(?:is|are|inputs|properties|fields|parameters|arguments|this|model)\\b)${QUOTE}(${PATH})${QUOTE}(?::? (?:extra inputs|input should be)|(?: parameter| argument| field)? (?:(?:is|are) )?(?:not (?:yet |currently )?(?:supported|permitted|allowed)|unsupported|deprecated|no longer|does not support)|: ?unknown)`,
    'gi',
  ),
];

/** What stands for the parameters that switch thinking on, where the text names none. */
const THINKING = ['reasoning_effort', 'reasoning', 'thinking', 'think'];

/** Every parameter the refusal says something about, as it names them; empty when it names none. */
export function refusedParameters({ kind, message, data }: Fault): readonly RefusedParameter[] {
  if (kind !== 'INVALID_INPUT') return [];
  const { param, upstreamCode = '' } = data;
  if (param !== undefined) return judged(dotted(param), message, upstreamCode);
  // Several complaints are one line each, or were joined with semicolons.
  return message
    .split(/;\s+/)
    .flatMap((clause) => namesIn(clause).flatMap((name) => judged(name, clause, upstreamCode)));
}

function judged(param: string, clause: string, code: string): RefusedParameter[] {
  const listed = valuesIn(clause);
  if (listed.length > 0) return [{ param, isValue: true, accepts: listed }];
  if (!NOT_TAKEN.test(clause) && !NOT_TAKEN.test(code)) return [];
  return [{ param, isValue: ONLY_THIS_VALUE.test(clause) || code === 'unsupported_value' }];
}

function valuesIn(clause: string): string[] {
  const list = LISTED.exec(clause)?.[1] ?? '';
  const quoted = [...list.matchAll(/['"`]([^'"`]*)['"`]/g)].map(([, value = '']) => value);
  return quoted.length > 0 ? quoted : list.split(/,\s*|\s+(?:and|or)\s+/).filter((word) => /^[\w.-]+$/.test(word));
}

function namesIn(clause: string): readonly string[] {
  if (/not support (?:thinking|reasoning)\b/i.test(clause)) return THINKING;
  for (const form of FORMS) {
    const named = [...clause.matchAll(form)].flatMap(([, names = '']) => names.split(','));
    if (named.length > 0) return [...new Set(named.map((name) => dotted(name.replace(/['"`\s]/g, ''))))];
  }
  return NOT_TAKEN.test(clause) ? mentioned(clause) : [];
}

/** Words that can hardly be anything but a parameter: quoted, with an underscore, or of these few. */
function mentioned(clause: string): readonly string[] {
  const words = clause.matchAll(/['"`]([a-z]\w*(?:\.\w+)*)['"`]|\b([a-z]+(?:_[a-z]+)+|temperature|seed)\b/g);
  return [...new Set([...words].map(([, quoted, plain]) => quoted ?? plain ?? ''))];
}

/** `messages[0].role` is `messages.0.role`. */
function dotted(path: string): string {
  return path.replace(/\[(\w+)\]/g, '.$1');
}
