// Result files as what reports ask for: the seeds of a cell, by set, teacher, setting,
// method and variant.
import type { CellMethod, CellResult } from '../reproduce/cell.ts';
import type { ResultFile, ResultHeader } from '../reproduce/result-file.ts';
import { type Summary, summarise } from '../reproduce/statistics.ts';
import { DEFAULTS } from '../run/train-options.ts';

export interface CellKey {
  readonly set: string;
  readonly teacher: string;
  readonly setting: string;
  readonly method: CellMethod;
  /** @default {'default'} */
  readonly variant?: string;
}

export interface Results {
  /** Smallest first. */
  readonly sets: readonly ResultHeader[];
  readonly teachers: readonly string[];
  readonly settings: readonly string[];
  readonly methods: readonly CellMethod[];
  readonly variants: readonly string[];
  /** All seeds that any cell has, ascending. */
  readonly seeds: readonly number[];
  readonly splits: readonly string[];
  /** Class shares that the answers assume; see `--class-prior`. */
  readonly classPriors: readonly string[];
  readonly commands: readonly string[];
  readonly codeVersions: readonly string[];
  /** Results by seed; empty where the cell is missing. */
  cells(key: CellKey): ReadonlyMap<number, CellResult>;
  /** Of one number of every seed's result; `undefined` where the cell is missing. */
  over(key: CellKey, pick: (result: CellResult) => number | undefined): Summary | undefined;
}

const TEACHER_ORDER = ['gcn', 'gat', 'sage', 'ensemble'];
const SETTING_ORDER = ['tran', 'ind'];
const METHOD_ORDER: readonly CellMethod[] = [
  'teacher',
  'mlp',
  'glnn',
  'e-glnn',
  'adagmlp',
  'progmlp-paper',
  'progmlp-incremental',
  'progmlp-additive',
  'progmlp-independent',
];

const unique = <T>(values: readonly T[]) => [...new Set(values)];

const inOrder = <T>(values: readonly T[], order: readonly T[]) =>
  order.filter((value) => values.includes(value));

const keyText = ({ set, teacher, setting, method, variant = 'default' }: CellKey) =>
  [set, teacher, setting, method, variant].join('\n');

export function collectResults(files: readonly ResultFile[]): Results {
  const index = new Map<string, Map<number, CellResult>>();
  for (const { header, entries } of files) {
    const { set, teacher, setting } = header;
    for (const { column: method, variant, record } of entries) {
      const key = keyText({ set, teacher, setting, method, variant });
      const seeds = index.get(key) ?? new Map<number, CellResult>();
      seeds.set(record.options.seed as number, record.result);
      index.set(key, seeds);
    }
  }
  const headers = files.map(({ header }) => header);
  const entries = files.flatMap((file) => file.entries);
  const cells = (key: CellKey): ReadonlyMap<number, CellResult> =>
    index.get(keyText(key)) ?? new Map();
  const sets = new Map(headers.map((header) => [header.set, header]));
  return {
    sets: [...sets.values()].sort((a, b) => a.nodes - b.nodes),
    teachers: inOrder(unique(headers.map(({ teacher }) => teacher)), TEACHER_ORDER),
    settings: inOrder(unique(headers.map(({ setting }) => setting)), SETTING_ORDER),
    methods: inOrder(unique(entries.map(({ column }) => column)), METHOD_ORDER),
    variants: unique(entries.map(({ variant }) => variant)),
    seeds: unique(entries.map(({ record }) => record.options.seed as number)).sort((a, b) => a - b),
    splits: unique(headers.map(({ split }) => split)),
    classPriors: unique(
      entries.map(({ record }) => String(record.options.classPrior ?? DEFAULTS.classPrior)),
    ),
    commands: unique(headers.map(({ command }) => command)),
    codeVersions: unique(entries.map(({ record }) => record.codeVersion)).sort(),
    cells,
    over(key, pick) {
      const values = [...cells(key).values()].map(pick);
      return summarise(values.filter((value) => value !== undefined));
    },
  };
}

/** One number of every seed's result. */
export function bySeed(
  cells: ReadonlyMap<number, CellResult>,
  pick: (result: CellResult) => number | undefined,
): Map<number, number> {
  const values = new Map<number, number>();
  for (const [seed, result] of cells) {
    const value = pick(result);
    if (value !== undefined) values.set(seed, value);
  }
  return values;
}
