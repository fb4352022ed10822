// The commands there are, as people see them. What each does is in the file of its name.

export type CommandName = 'serve' | 'demo' | 'chat' | 'models' | 'mock' | 'config';

export interface Command {
  /** What follows the name on the command line. */
  readonly usage: string;
  readonly summary: string;
  /** Whether words that are no flags are taken. */
  readonly words: boolean;
  /** Flags of its own, beside those of the settings; they take no value. */
  readonly switches: readonly string[];
}

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  serve: {
    usage: '',
    summary: 'MCP server on stdio; the default, and what clients start',
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
