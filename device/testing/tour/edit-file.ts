// What a user does in an editor: a line is found, and another stands in its place.
import { readFile, writeFile } from 'node:fs/promises';

export type Edit = readonly [line: string, instead: string];

/** @throws {Error} where a line is not there: the user's guide says it is. */
export async function editFile(file: string, edits: readonly Edit[]): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [line, instead] of edits) {
    if (!text.includes(`${line}\n`)) throw new Error(`${file} has no line '${line}'`);
    text = text.replace(`${line}\n`, () => `${instead}\n`);
  }
  await writeFile(file, text);
}
