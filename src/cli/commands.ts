// The commands there are, as people see them. What each does is in the file of its name.

export type CommandName = 'serve' | 'demo' | 'chat' | 'models' | 'mock' | 'config' | 'doctor' | 'explain' | 'health';

export interface Command {
  /** What follows the name on the command line. */
  readonly usage: string;
  readonly summary: string;
  /** Whether words that are no flags are taken. */
  readonly words: boolean;
  /** Most of them; absent: any number. */
  readonly mostWords?: number;
  /** Flags of its own, beside those of the settings; they take no value. */
  readonly switches: readonly string[];
}

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  serve: {
    usage: '',
    summary: 'MCP server on stdio, which is what clients start, or with --transport http over HTTP; the default',
    words: false,
    switches: [],
  },
  demo: {
    usage: '[--live]',
    summary: 'a whole MCP conversation to watch, on the embedded mock; --live uses your provider',
    words: false,
    switches: ['--live'],
  },
  chat: {
    usage: '"question" [--model NAME]',
    summary: 'asks a model and streams the answer; "-" reads the question from stdin',
    words: true,
    switches: [],
  },
  models: { usage: '', summary: 'lists the models of your provider', words: false, switches: [] },
  doctor: {
    usage: '[PROVIDER] [--complete] [--json]',
    summary:
      'checks the configuration and each provider, step by step, and says what to do; --complete also asks a model, which may cost something',
    words: true,
    mostWords: 1,
    switches: ['--complete', '--json'],
  },
  explain: {
    usage: '[MODEL] [--with-images] [--with-tools] [--with-reasoning] [--with-embeddings] [--json]',
    summary: 'which targets a request for the model would try, in order, and why; sends nothing',
    words: true,
    mostWords: 1,
    switches: ['--with-images', '--with-tools', '--with-reasoning', '--with-embeddings', '--json'],
  },
  health: {
    usage: '',
    summary: 'whether the HTTP server of these settings is ready: exit code 0 or 1; always 0 on stdio',
    words: false,
    switches: [],
  },
  mock: {
    usage: '[--port N]',
    summary: 'runs the mock upstream, with faults by model name',
    words: false,
    switches: [],
  },
  config: {
    usage: 'check FILE | show [FILE] | schema',
    summary: 'all problems of the configuration, the settings in force, or the JSON Schema of the file',
    words: true,
    switches: [],
  },
};

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

const ACTIONS: ReadonlySet<string> = new Set(['check', 'show', 'schema']);

/** What is wrong with the words behind `config`. */
export function configProblem([action = '', file, ...more]: readonly string[]): string | undefined {
  const isFit = ACTIONS.has(action) && more.length === 0 && (file === undefined || action !== 'schema');
  return isFit ? undefined : 'config needs one of: check FILE, show [FILE], schema.';
}
