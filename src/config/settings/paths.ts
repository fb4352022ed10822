// Lists of paths in one variable: modules of plug-ins, folders that may be read. They are absolute, because a
// client starts the program in whatever folder it likes. Judged by how they look; nothing here touches the disk.

import type { Parse, Parsed } from './parse.ts';

/** POSIX, and both Windows forms, wherever we run. */
export function isAbsolute(path: string): boolean {
  return /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(path);
}

/** Of one file. */
export const filePath: Parse<string> = (text) =>
  isAbsolute(text) ? { value: text } : { problem: 'is not an absolute path' };

/** Separated by commas. */
export const modulePaths: Parse<readonly string[]> = (text) => {
  const paths = listed(text.split(','));
  const unfit = paths.find((path) => !/\.[cm]?js$/i.test(path));
  if (unfit !== undefined) return { problem: 'names something that is not an .mjs, .js or .cjs file' };
  return absolute(paths, 'my-provider.mjs');
};

/** Separated by commas, or as PATH is: by colons, or semicolons where a colon follows the letter of a drive. */
export const folders: Parse<readonly string[]> = (text) =>
  absolute(listed(text.split(/[,;]|(?<!(?:^|[,;:\s])[a-z]):/i)), 'pictures');

function listed(parts: readonly string[]): readonly string[] {
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

function absolute(paths: readonly string[], example: string): Parsed<readonly string[]> {
  if (paths.length === 0) return { problem: 'names none' };
  const relative = paths.find((path) => !isAbsolute(path));
  if (relative === undefined) return { value: paths };
  const [name = example] = /[\w.-]+$/.exec(relative) ?? [];
  // A key in the wrong place has no extension, and is not repeated.
  const shown = /^[\w-]{1,40}\.[cm]?js$/.test(name) ? name : example;
  return {
    problem:
      'holds a relative path, which would depend on the folder that the client starts this program in: ' +
      `write it whole, as /full/path/to/${shown}`,
  };
}
