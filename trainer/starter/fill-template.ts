// Texts of a new project: files of the folder templates/ with {{names}} filled in.
import { readFileSync } from 'node:fs';

/** @throws {Error} where a template asks for a name that `values` lacks: a fault of the template. */
export function fillTemplate(path: string, values: Readonly<Record<string, string>>): string {
  const text = readFileSync(new URL(`templates/${path}`, import.meta.url), 'utf8');
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`templates/${path} asks for {{${name}}}`);
    return value;
  });
}
