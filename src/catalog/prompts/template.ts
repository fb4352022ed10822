// Text with places for arguments, `{{name}}`: what the prompts and tools of the configuration are written in. A value is
// put in as it is, and never read as a template itself; an argument that was not given leaves its place empty.

const PLACE = /\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g;

export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(PLACE, (_, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : ''));
}
