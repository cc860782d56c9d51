// What a split lacks, in words.
import type { Split } from '../../graph/graph-data.ts';
import type { SplitChoices } from '../project/index.ts';
import type { Block } from './block.ts';
import type { SetName } from './set-names.ts';

export interface SplitNotesOptions {
  readonly split: Split;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly blocks: readonly Block[];
  readonly choices: SplitChoices;
  /** By node; `undefined` where a border took a window out. */
  readonly purged: readonly (SetName | undefined)[];
}

const LABELLED_SETS = ['train', 'validation', 'test'] as const;

const inEnglish = new Intl.ListFormat('en');

function classSizes(nodes: Int32Array, labels: Int32Array, classes: number): number[] {
  const sizes = Array<number>(classes).fill(0);
  for (const node of nodes) sizes[labels[node]]++;
  return sizes;
}

/** Classes that a set has nothing of, and classes with fewer labels than were asked for. */
function* classNotes({ split, labels, classes, blocks, choices }: SplitNotesOptions) {
  const sizes = LABELLED_SETS.map((set) => classSizes(split[set], labels, classes.length));
  for (const [c, name] of classes.entries()) {
    const holding = blocks.filter((block) => block.classSizes[c] > 0).length;
    const missing = LABELLED_SETS.filter((set, s) => split[set].length > 0 && sizes[s][c] === 0);
    if (holding === 0) yield `No window is labelled ${name}.`;
    else if (missing.length > 0) {
      yield `The class ${name} is not in ${inEnglish.format(missing)}: ${holding} of ${blocks.length} runs or blocks have it.`;
    }
    const wanted = choices.labelsPerClass;
    if (wanted !== undefined && sizes[0][c] > 0 && sizes[0][c] < wanted) {
      yield `The class ${name} has ${sizes[0][c]} labelled windows to learn from, ${wanted} were asked for.`;
    }
  }
}

export function splitNotes(options: SplitNotesOptions): string[] {
  const { split, purged } = options;
  const notes = [...classNotes(options)];
  if (split.test.length === 0) notes.push('No labelled window is left to test on.');
  if (split.unlabelled.length === 0) notes.push('No window is left to calibrate the thresholds.');
  const out = purged.filter((set) => set === undefined).length;
  if (out > 0) {
    notes.push(
      `${out} of ${purged.length} windows share readings with another set and are in none.`,
    );
  }
  return notes;
}
