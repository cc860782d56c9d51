import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import type { CellMethod, CellResult } from '../reproduce/cell.ts';
import type { BinCounts } from '../reproduce/measure/breakdown.ts';
import { type ResultEntry, type ResultHeader, writeResultFile } from '../reproduce/result-file.ts';
import { TABLE_DEFINITIONS, TABLES, type TableName } from '../reproduce/tables.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeReport } from './write-report.ts';

const CLASSES = ['theory', 'case <based>', 'rules & logic'];

const counts = (bins: number): BinCounts => ({
  nodes: Array(bins).fill(100),
  correct: Array(bins).fill(80),
  teacherCorrect: Array(bins).fill(78),
  agree: Array(bins).fill(90),
});

/** Stages 1 and 2 take all nodes, or none where nothing could be proved. */
function certifiedOf(full: number): CellResult['certified'] {
  const exit = { certified: true, gatewayShare: 96, macsShare: 14, disagreement: 0.5 };
  const chosen = { ...exit, accuracy: full - 0.25 };
  const none = { certified: false, gatewayShare: 0, macsShare: 100, disagreement: 0 };
  return {
    n: 1000,
    method: 'fixed-sequence',
    full,
    int8: { agreement: 99.7, drop: -0.1 },
    ranking: [0.9, 0.95, null],
    ways: {
      chosen,
      fixedSequence: chosen,
      pareto: { ...none, accuracy: full },
      untempered: { ...chosen, disagreement: 1.5 },
    },
  };
}

/** Every level costs ten points of what the last stage knows. */
const disturbedOf = (full: number): CellResult['disturbed'] =>
  [
    { kind: 'noise', level: 0 } as const,
    { kind: 'noise', level: 0.5 } as const,
    { kind: 'silence', level: 0.4 } as const,
    { kind: 'shift', level: 1 } as const,
    { kind: 'drift', level: 2 } as const,
  ].map(({ kind, level }) => ({
    ...{ kind, level },
    stages: [3, 2, 1, 0].map((less) => full - less - 10 * level),
    exit: full - 10 * level,
    gatewayShare: 80,
  }));

function resultOf(method: CellMethod, seed: number): CellResult {
  const random = createRandom(seed).fork(method);
  const accuracy = Math.round((70 + 10 * random.next()) * 100) / 100;
  const students = method === 'teacher' ? 0 : 4;
  const curve = Array.from({ length: students }, (_, k) => ({
    macs: 500 * (k + 1),
    accuracy: accuracy - students + 1 + k,
  }));
  return {
    accuracy,
    validation: accuracy + 1,
    macs: 500 * students,
    seconds: 1,
    stages: curve.map(({ macs, accuracy: own }) => ({
      accuracy: own,
      validation: own,
      macs: 500,
      cumulativeMacs: macs,
      epochs: 10,
    })),
    curve,
    exits: {
      confidence: [0.6, 0.7, 0.8, 0.9],
      batch: [70, 72, 74, 76],
      node: [{ threshold: 0.9, accuracy: 75, macs: 900, students: 1.8 }],
    },
    ...(students > 0 && {
      certified: certifiedOf(accuracy),
      disturbed: disturbedOf(accuracy),
    }),
    breakdown: {
      confusion: CLASSES.map((_, i) => CLASSES.map((_, j) => (i === j ? 80 : 10))),
      byDegree: counts(8),
      byHomophily: counts(5),
    },
  };
}

const HEADER: ResultHeader = {
  table: 'table2',
  set: 'cora',
  teacher: 'gcn',
  setting: 'tran',
  data: 'a'.repeat(64),
  split: 'random',
  splitSha256: '',
  nodes: 2708,
  edges: 5278,
  features: 1433,
  classes: CLASSES,
  command: 'dandan reproduce table2 --data graphs --seeds 1,2,3',
};

interface Made {
  readonly set: string;
  readonly methods: readonly CellMethod[];
  readonly seeds: readonly number[];
}

/** Result files of a table with every variant of the given cells. */
async function makeResults(dir: string, table: TableName, made: readonly Made[]) {
  for (const { set, methods, seeds } of made) {
    const entries = methods.flatMap((column) =>
      TABLE_DEFINITIONS[table].variants.flatMap(({ name: variant }) =>
        seeds.map((seed): ResultEntry => {
          const { data, split, splitSha256 } = HEADER;
          const options = { seed, setting: 'tran', teacher: 'gcn' };
          const common = { set, data, split, splitSha256, options };
          return {
            column,
            variant,
            record: {
              ...common,
              method: column,
              result: resultOf(column, seed),
              codeVersion: '0.1.0+abc',
              finished: '2026-01-01T00:00:00Z',
            },
          };
        }),
      ),
    );
    const header = { ...HEADER, table, set };
    await writeResultFile(join(dir, `${set}.gcn.tran.jsonl`), { header, entries });
  }
}

/** Names of elements that are opened and not closed in their order; empty for sound markup. */
function unbalanced(markup: string): string[] {
  const open: string[] = [];
  for (const [, closing, name, rest] of markup.matchAll(
    /<(\/?)([a-z0-9]+)((?:"[^"]*"|[^">])*)>/gi,
  )) {
    if (closing === '/') {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!rest.endsWith('/') && !['meta', '!doctype'].includes(name)) open.push(name);
  }
  return open;
}

test.each(TABLES)(
  'writeReport() of %s is sound, whole and free of made-up numbers',
  async (table) => {
    const dir = await temporaryFolder();
    const { methods } = TABLE_DEFINITIONS[table];
    await makeResults(dir, table, [
      { set: 'cora', methods, seeds: [1, 2, 3] },
      // A sitting that was stopped early: the last method is missing, and so are two seeds.
      { set: 'amazon-photo', methods: methods.slice(0, -1), seeds: [1] },
    ]);
    const report = await writeReport(table, dir);
    const html = await readFile(report!.html, 'utf8');
    const markdown = await readFile(report!.markdown, 'utf8');
    for (const text of [html, markdown]) {
      expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
      expect(text).toContain('Photo');
      expect(text).toContain('seeds 1–3');
    }
    expect(unbalanced(html)).toEqual([]);
    expect(html, 'nothing from elsewhere').not.toMatch(/<script|<link|src=|href=|@import|url\(/);
    if (!['noise', 'labels', 'fig6'].includes(table)) {
      expect(markdown).toContain('—');
      expect(html).toContain('class="missing"');
    }
    const charts = await readdir(join(dir, 'charts')).catch(() => []);
    const linked = [...markdown.matchAll(/\]\(charts\/([^)]+)\)/g)].map(([, name]) => name);
    expect([...linked].sort()).toEqual(charts.sort());
    expect(new Set(linked).size).toBe(linked.length);
    for (const name of charts) {
      const svg = await readFile(join(dir, 'charts', name), 'utf8');
      expect(unbalanced(svg), name).toEqual([]);
      expect(svg).toMatch(/<desc id="[^"]+">[^<]{20,}<\/desc>/);
    }
    expect(charts.length).toBeGreaterThanOrEqual(table === 'table4' ? 0 : 1);
  },
);

test('writeReport() states means, spreads and the published figures beside them', async () => {
  const dir = await temporaryFolder();
  await makeResults(dir, 'table2', [
    { set: 'cora', methods: ['teacher', 'progmlp-paper'], seeds: [1, 2, 3] },
  ]);
  const { markdown } = (await writeReport('table2', dir))!;
  const values = [1, 2, 3].map((seed) => resultOf('progmlp-paper', seed).accuracy);
  const mean = values.reduce((a, b) => a + b) / 3;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
  const text = await readFile(markdown, 'utf8');
  expect(text).toContain(`${mean.toFixed(2)} ± ${std.toFixed(2)}`);
  expect(text).toContain('(paper 80.19)');
  expect(text).toContain('whose split is not stated');
  expect(text).toContain('case &lt;based> 80 %');
}, 10_000);

test('writeReport() removes charts of sets that are gone, and knows nothing without results', async () => {
  const dir = await temporaryFolder();
  expect(await writeReport('fig5', dir)).toBeUndefined();
  await mkdir(join(dir, 'charts'));
  await writeFile(join(dir, 'charts', 'old.svg'), '<svg/>');
  await makeResults(dir, 'fig5', [{ set: 'cora', methods: ['progmlp-paper'], seeds: [1] }]);
  await writeReport('fig5', dir);
  expect(await readdir(join(dir, 'charts'))).not.toContain('old.svg');
});

test('writeReport() says where the cascade is behind, over the seeds that both methods have', async () => {
  const dir = await temporaryFolder();
  const accuracies: Partial<Record<CellMethod, Readonly<Record<number, number>>>> = {
    'progmlp-incremental': { 1: 80, 2: 82 },
    'e-glnn': { 1: 81, 2: 82 },
    // As good on average, but seed 2 is the easy one.
    glnn: { 2: 81 },
  };
  const { data, split, splitSha256 } = HEADER;
  const entries = Object.entries(accuracies).flatMap(([name, bySeed]) =>
    Object.entries(bySeed).map(([seed, accuracy]): ResultEntry => {
      const method = name as CellMethod;
      const options = { seed: Number(seed), setting: 'tran', teacher: 'gcn' };
      const result = { ...resultOf(method, Number(seed)), accuracy };
      return {
        column: method,
        variant: 'default',
        record: {
          ...{ set: 'cora', data, split, splitSha256, options, method, result },
          codeVersion: '0.1.0+abc',
          finished: '2026-01-01T00:00:00Z',
        },
      };
    }),
  );
  await writeResultFile(join(dir, 'cora.gcn.tran.jsonl'), { header: HEADER, entries });
  const report = await writeReport('table2', dir);
  expect(await readFile(report!.markdown, 'utf8')).toContain(
    'ProGMLP (incremental) reaches 81.00 and is not above E-GLNN (0.50 points ahead over 2 seeds).',
  );
});

test('writeReport() of certified exits tells what they cost, save and break', async () => {
  const dir = await temporaryFolder();
  const methods: CellMethod[] = ['teacher', 'progmlp-additive'];
  await makeResults(dir, 'exits', [{ set: 'cora', methods, seeds: [1, 2] }]);
  const { markdown } = (await writeReport('exits', dir))!;
  const rows = (await readFile(markdown, 'utf8')).split('\n').filter((line) => line[0] === '|');
  const valuesOf = (name: string) =>
    rows.filter((row) => row.startsWith(`| ${name} |`)).map((row) => row.split('|')[2].trim());
  const [early, cost, disagreement, broken, macs, , lost] = valuesOf('Additive');
  expect([early, cost, disagreement, broken, macs, lost]).toEqual([
    '96.00 ± 0.00',
    '14.00 ± 0.00',
    '0.50 ± 0.00',
    '0.00 ± 0.00',
    '280.00 ± 0.00',
    '0.25 ± 0.00',
  ]);
  expect(valuesOf('by Pareto Testing').slice(0, 2)).toEqual(['0.00 ± 0.00', '100.00 ± 0.00']);
  expect(valuesOf('without temperatures')[3]).toBe('100.00 ± 0.00');
  expect(valuesOf('Paper')[0]).toBe('—');
});
