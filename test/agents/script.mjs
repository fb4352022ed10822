// What the scripted model does with the tools it is offered: it asks our tool, reads on as long as a result says how, and
// then says what it read. Tools that are kept back until they are searched for are searched for, as agents tell their
// models to. It knows our results by their words only, as a model does.

/** Our line that says how to read on, in whichever form the result was written down. */
const READ_ON = /Read on with the job tool: (\{[^{}]*\})/;

/** `read` is what it has read in all, `say` what it says in the end. */
export function askAndSay({ tool = 'chat', args, say }) {
  const read = [];
  let seen;
  return {
    read,
    turn({ tools, results }) {
      const offered = Object.fromEntries(ours(tools).map((one) => [one.ours, one]));
      const search = tools.find(({ name }) => /^tool_?search$/i.test(name));
      const indirect = tools.find(({ name }) => name === 'tool_call');
      // Of requests beside the conversation (titles, summaries) nothing is expected.
      if (offered[tool] === undefined && search === undefined && indirect === undefined) return { text: 'A title' };
      if (seen === undefined && offered[tool] === undefined && results.length === 0) {
        return { call: { name: search.name, args: { query: `anymodel ${tool}` } } };
      }
      const call = (name, wanted) => callOf(offered[name] ?? { name: `mcp__anymodel__${name}`, indirect }, wanted);
      if (seen === undefined) {
        seen = results.length;
        return call(tool, args);
      }
      if (results.length > seen) {
        seen = results.length;
        read.push(results.at(-1));
      }
      const next = READ_ON.exec((read.at(-1) ?? '').replaceAll('\\"', '"'))?.[1];
      return next === undefined ? { text: say(read) } : call('job', JSON.parse(next));
    },
  };
}

/** Our tools among those offered, by our own name for each: agents put their own before it. */
export function ours(tools) {
  return tools
    .map((tool) => ({
      ...tool,
      ours: /^(?:.*anymodel[_/-]+)?(chat|generate|list_models|embed|job)$/.exec(fullName(tool))?.[1],
    }))
    .filter((tool) => tool.ours !== undefined);
}

const fullName = ({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`);

function callOf({ name, namespace, indirect }, args) {
  if (indirect !== undefined) return { call: { name: indirect.name, args: { name, arguments: args } } };
  return { call: { name, namespace, args } };
}
