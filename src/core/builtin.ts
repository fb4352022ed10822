// Node modules that are loaded when first needed and not at start: node:tls alone costs more than the
// rest of the start-up on Node 24, and an `import()` of node:http evaluates all of undici.

interface LateModules {
  'node:http': typeof import('node:http');
  'node:https': typeof import('node:https');
  'node:net': typeof import('node:net');
  'node:dns': typeof import('node:dns');
  'node:tls': typeof import('node:tls');
  'node:zlib': typeof import('node:zlib');
  'node:fs': typeof import('node:fs');
  'node:crypto': typeof import('node:crypto');
  'node:url': typeof import('node:url');
  'node:child_process': typeof import('node:child_process');
  'node:v8': typeof import('node:v8');
}

/** The built-in module, loaded now if it was not yet. */
export function builtin<Name extends keyof LateModules>(name: Name): LateModules[Name] {
  return process.getBuiltinModule(name);
}
