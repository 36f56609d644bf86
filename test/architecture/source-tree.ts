import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** A file of the project. */
export interface SourceFile {
  /** From the root, with `/` between. */
  readonly path: string;
  readonly text: string;
}

/**
 * The project's own files, sorted by path: all but what `.gitignore` names, and git's own folder. Reads the folder and not git,
 * so that it also works where the project was unpacked from an archive.
 */
export function projectPaths(): readonly string[] {
  const isIgnored = ignoreRules(readFileSync(join(ROOT, '.gitignore'), 'utf8'));
  const walk = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === '.git' || isIgnored(entry.name, entry.isDirectory())) return [];
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? walk(path) : [path];
    });
  return walk('').sort();
}

/** The project's files with what they say, of the endings given (`.ts`). */
export function projectFiles(...endings: readonly string[]): readonly SourceFile[] {
  return projectPaths()
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/**
 * Reads the few forms that this project's `.gitignore` uses: `name`, `name/` for folders, `*.ending`. *Faults*: throws for any
 * other form, since a rule half understood would hide files from the tests.
 */
export function ignoreRules(text: string): (name: string, isFolder: boolean) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const rule of rules) {
    if (!/^(?:\*\.)?[\w.-]+\/?$/.test(rule)) throw new Error(`.gitignore: ${rule} has a form the tests do not know`);
  }
  return (name, isFolder) =>
    rules.some((rule) => {
      if (rule.endsWith('/')) return isFolder && name === rule.slice(0, -1);
      return rule.startsWith('*.') ? name.endsWith(rule.slice(1)) : name === rule;
    });
}
