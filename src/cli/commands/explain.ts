// `anymodel-mcp explain MODEL`: which targets a request for the model would try, in order, and why the others would not
// be asked. Sends nothing.

import { Fault } from '../../core/fault.ts';
import type { Gateway } from '../../gateway.ts';
import type { Invocation } from '../args.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';
import { inkFor } from '../ink.ts';
import type { Ink } from '../ink.ts';

type Explanation = Awaited<ReturnType<Gateway['explain']>>;

const MEANINGS: Readonly<Record<Explanation['as'], string>> = {
  alias: 'an alias',
  'provider/model': 'a provider and its model',
  'bare name': 'the name of a model',
  default: 'the default, as no model is named',
};

/** How the order comes about among targets of one priority. */
const STRATEGIES: Readonly<Record<Explanation['strategy'], string>> = {
  priority: 'priority: always in this order',
  'round-robin': 'round-robin: those of one priority take turns to be first',
  weighted: 'weighted: those of one priority are first as often as their weights say',
  'least-connections': 'least-connections: of one priority the one with the fewest requests under way is first',
  latency: 'latency: of one priority the quicker of two drawn ones is first',
  cost: 'cost: of one priority the cheapest by prices is first',
};

/** Gives the exit code. */
export async function explain(host: Host, { words, switches }: Invocation, gateway: Gateway): Promise<number> {
  if (gateway.providers.length === 0) {
    throw new Fault('NOT_CONFIGURED', 'No provider is configured: set API_BASE_URL, and API_KEY if it wants a key.');
  }
  const found = await gateway.explain(words[0] ?? '', {
    op: switches.has('--with-embeddings') ? 'embed' : 'chat',
    images: switches.has('--with-images'),
    tools: switches.has('--with-tools'),
    reasoning: switches.has('--with-reasoning'),
  });
  const text = switches.has('--json')
    ? JSON.stringify(found, null, 2)
    : lines(found, inkFor(host.stdout, host.env)).join('\n');
  await print(host.stdout, `${host.secrets.scrub(text)}\n`);
  return found.targets.length > 0 ? 0 : 1;
}

function lines({ model, as, strategy, targets, leftOut }: Explanation, ink: Ink): readonly string[] {
  const width = Math.max(0, ...[...targets, ...leftOut].map((one) => place(one).length));
  const isAlone = targets.length < 2;
  return [
    `${ink.bold(model === '' ? '(no model)' : model)}  ${MEANINGS[as]}${isAlone ? '' : `; ${STRATEGIES[strategy]}`}`,
    ...targets.map((one, at) =>
      `  ${String(at + 1).padStart(2)}. ${place(one).padEnd(width)}  ${facts(one, targets)}`.trimEnd(),
    ),
    ...(leftOut.length === 0 ? [] : [ink.dim('not asked')]),
    ...leftOut.map((one) => `      ${place(one).padEnd(width)}  ${one.why}`),
    ...(isAlone
      ? []
      : [
          ink.dim(
            'A server that runs also puts those last whose circuit breaker is open or whose health check failed.',
          ),
        ]),
  ];
}

function place({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return model === '' ? `${provider}/(the only model it lists)` : `${provider}/${model}`;
}

type Target = Explanation['targets'][number];

/** Where there is nothing to choose from, neither priority nor weight says anything. */
function facts({ priority, weight, notes }: Target, all: readonly Target[]): string {
  const peers = all.filter((one) => one.priority === priority);
  const sum = peers.reduce((total, one) => total + one.weight, 0);
  const share = peers.length < 2 ? [] : [`weight ${weight} of ${sum}`];
  const rank = all.length < 2 || priority === undefined ? [] : [`priority ${priority}`];
  return [...rank, ...share, ...notes].join(', ');
}
