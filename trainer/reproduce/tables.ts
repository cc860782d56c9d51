// The tables and figures that can be reproduced, and what each of them runs by default.
import { METHODS } from '../baselines/method.ts';
import { PLANT, type SplitName } from '../data/load-data.ts';
import type { Setting, TeacherChoice } from '../run/train-options.ts';
import type { CellMeasure, CellMethod, CellSplit } from './cell.ts';
import { ROBUSTNESS } from './robustness-variants.ts';
import {
  ABLATIONS,
  DEFAULT_VARIANT,
  EXITS,
  INPUTS,
  LABELS,
  NOISE,
  SENSITIVITY,
  type Variant,
  WIDTHS,
} from './variants.ts';

export const TABLES = [
  'table2',
  'fig3',
  'fig5',
  'fig6',
  'table4',
  'noise',
  'labels',
  'inputs',
  'exits',
  'robustness',
] as const;
export type TableName = (typeof TABLES)[number];

export interface TableDefinition {
  readonly title: string;
  readonly teachers: readonly TeacherChoice[];
  readonly settings: readonly Setting[];
  readonly methods: readonly CellMethod[];
  readonly variants: readonly Variant[];
  /** Where the table needs its own. @default {what is asked for} */
  readonly split?: CellSplit;
  /** Where nothing is asked for. @default {'random'} */
  readonly usualSplit?: SplitName;
  /** What the table runs on where nothing is named. @default {data must be named} */
  readonly data?: readonly string[];
  /** What is measured beside the accuracy. */
  readonly measure?: CellMeasure;
}

/** The split of a table's cells, given what was asked for. */
export function splitOfTable(table: TableName, asked: SplitName | undefined): CellSplit {
  const { split, usualSplit = 'random' } = TABLE_DEFINITIONS[table];
  return split ?? asked ?? usualSplit;
}

/** Every table measures the teacher beside its methods. */
const ALL: readonly CellMethod[] = ['teacher', ...METHODS];
const DISTILLED = ALL.filter((method) => method !== 'mlp');

export const TABLE_DEFINITIONS: Readonly<Record<TableName, TableDefinition>> = {
  table2: {
    title: 'Table 2: accuracy by method, teacher and set',
    teachers: ['gcn', 'gat', 'sage', 'ensemble'],
    settings: ['tran', 'ind'],
    methods: ALL,
    variants: [DEFAULT_VARIANT],
  },
  fig3: {
    title: 'Figure 3: accuracy against cost',
    teachers: ['gcn'],
    settings: ['tran'],
    methods: DISTILLED,
    variants: [DEFAULT_VARIANT, ...WIDTHS],
  },
  fig5: {
    title: 'Figure 5: ablation of PTS, PKD and PMA',
    teachers: ['gcn'],
    settings: ['tran'],
    methods: ['teacher', 'progmlp-paper'],
    variants: ABLATIONS,
  },
  fig6: {
    title: 'Figure 6: sensitivity to hyper-parameters',
    teachers: ['gcn'],
    settings: ['tran'],
    methods: ['teacher', 'progmlp-incremental'],
    variants: [DEFAULT_VARIANT, ...SENSITIVITY],
  },
  table4: {
    title: 'Table 4: cost of inference',
    teachers: ['gcn'],
    settings: ['tran'],
    methods: ALL,
    variants: [DEFAULT_VARIANT],
  },
  noise: {
    title: 'Feature noise',
    teachers: ['gcn'],
    settings: ['tran'],
    methods: ALL,
    variants: NOISE,
  },
  labels: {
    title: 'Label rate',
    teachers: ['gcn'],
    settings: ['tran'],
    methods: ALL,
    variants: LABELS,
  },
  exits: {
    title: 'Certified exits',
    teachers: ['gcn'],
    settings: ['tran'],
    methods: ['teacher', 'progmlp-paper', 'progmlp-incremental', 'progmlp-additive'],
    variants: [DEFAULT_VARIANT, ...EXITS],
    split: 'calibrated',
  },
  robustness: {
    title: 'Robustness: noise, dead sensors, shift and drift, with and without PMA',
    teachers: ['gcn'],
    settings: ['ind'],
    methods: ['teacher', 'progmlp-additive'],
    variants: ROBUSTNESS,
    usualSplit: 'public',
    data: [PLANT],
    measure: 'disturbances',
  },
  inputs: {
    title: "What students read: own features, neighbours' features, positions",
    teachers: ['gcn'],
    settings: ['tran', 'ind'],
    methods: ['teacher', 'progmlp-incremental'],
    variants: [
      DEFAULT_VARIANT,
      ...INPUTS.map((variant) => ({ ...variant, only: ['progmlp-incremental'] as const })),
    ],
  },
};
