// What every reader must do, run on one small graph in every layout and variant.
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { createRandom } from '@dandan/shared/random';
import { describe, expect, test } from 'vitest';
import { checkData } from './check-data.ts';
import { loadData } from './load-data.ts';
import { readGraph } from './read-graph.ts';
import { VARIANTS, writeFiles, writeVariant } from './testing/layouts.ts';
import { COUNTS, MEASUREMENTS, MESSY, type PlainGraph } from './testing/plain-graph.ts';

/** Files damaged per variant. Each Parquet table starts a thread, which takes a tenth of a second. */
const DAMAGES = { text: 40, parquet: 6 };

async function refusal(work: Promise<unknown>): Promise<InputError | undefined> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error !== undefined && !(error instanceof InputError)) throw error;
  return error;
}

const [reference] = VARIANTS;

describe.each(VARIANTS)('readGraph() of $title', (variant) => {
  const { layout } = variant;
  const read = async (graph: PlainGraph) => readGraph({ path: await writeVariant(variant, graph) });

  test('finds the layout, nodes, edges, classes, split and features', async () => {
    const { graph, counts, layout: found } = await read(COUNTS);
    expect(found).toBe(layout);
    expect([...graph.adjacency.offsets]).toEqual([0, 2, 4, 6, 8, 9, 10, 10]);
    expect([...graph.adjacency.indices]).toEqual([1, 4, 0, 2, 1, 3, 2, 5, 0, 3]);
    expect([...graph.labels]).toEqual(COUNTS.labels);
    expect(graph.classes).toEqual(['0', '1', '2']);
    expect(graph.publicSplit).toEqual({
      train: Int32Array.of(0, 1, 6),
      validation: Int32Array.of(2),
      test: Int32Array.of(3),
      unlabelled: Int32Array.of(4, 5),
    });
    expect(graph.features).toMatchObject({
      kind: 'sparse',
      rows: {
        width: 4,
        offsets: Int32Array.of(0, 2, 3, 4, 6, 6, 7, 9),
        indices: Int32Array.of(0, 3, 1, 2, 0, 1, 3, 1, 3),
        values: Float32Array.of(1, 2, 3, 127, 1, 1, 5, 1, 1),
      },
    });
    expect(counts).toEqual({ selfLoops: 0, duplicateEdges: 0, reciprocalEdges: 0 });
  });

  test('keeps measurements dense, to the bit', async () => {
    const { features } = (await read(MEASUREMENTS)).graph;
    expect(features.kind).toBe('dense');
    expect([...features.rows.values]).toEqual(MEASUREMENTS.features.flat());
  });

  test.each([COUNTS, MEASUREMENTS])('gives the hash that all layouts give', async (graph) => {
    const other = await readGraph({ path: await writeVariant(reference, graph) });
    expect((await read(graph)).graph.sha256).toBe(other.graph.sha256);
  });

  test('drops self-loops, merges repeats, and counts both', async () => {
    const { graph, counts } = await read(MESSY);
    expect(graph.adjacency).toEqual((await read(COUNTS)).graph.adjacency);
    expect(counts).toEqual({ selfLoops: 1, duplicateEdges: 1, reciprocalEdges: 1 });
  });

  test('is what training loads', async () => {
    const data = await writeVariant(variant, COUNTS);
    const { split, splitName } = await loadData({ data, seed: 1 });
    expect(splitName).toBe('public');
    expect([...split.train]).toEqual([0, 1, 6]);
  });

  test('is described by a check without a problem', async () => {
    const report = await checkData({ path: await writeVariant(variant, COUNTS) });
    expect(report).toMatchObject({
      ok: true,
      layout,
      issues: [],
      statistics: { nodes: 7, edges: 5, isolated: 1, withoutLabel: 1, classSizes: [2, 2, 2] },
    });
    expect(() => JSON.stringify(report)).not.toThrow();
  });

  test.each<[string, Partial<PlainGraph>, RegExp]>([
    ['an edge to a node that is not there', { edges: [[0, 1], [2, 7]] }, /edge|adj/], // biome-ignore format: pairs
    ['a single class', { labels: [1, 1, 1, 1, 1, -1, 1] }, /label/],
    ['a training node without label', { labels: [0, 1, 0, 2, 1, 1, -1] }, /label|split/],
    ['a label that is no class', { labels: [0, 1, 0, 2, 1, -7, 2] }, /label/],
  ])('names the place of %s', async (title, change, place) => {
    // A graph folder and a table take any text as a label.
    const texts = layout === 'graph-folder' || layout === 'table';
    if (texts && title === 'a label that is no class') return;
    const path = await writeVariant(variant, { ...COUNTS, ...change });
    const error = await refusal(readGraph({ path }));
    expect(error).toMatchObject({ code: 'data-invalid', allowed: expect.stringMatching(/./) });
    expect(error?.field).toMatch(place);
    const report = await checkData({ path });
    expect(report.ok).toBe(false);
    expect(report.issues[0].field).toBe(error?.field);
  });

  test('misses each of its parts by name', async () => {
    const files = variant.files(COUNTS);
    const names = Object.keys(files).filter((name) => !name.includes('split'));
    for (const name of names.length === 1 ? [] : names) {
      if (name.includes('num-edge-list')) continue;
      const { [name]: _, ...others } = files;
      const report = await checkData({ path: await writeFiles(others) });
      // Without the table that shows the layout, the folder is in no layout or in another.
      expect(report.ok).toBe(false);
      expect(report.issues[0].code).toMatch(/^data-(missing|invalid)$/);
    }
  });

  test('stops when aborted', async () => {
    const path = await writeVariant(variant, COUNTS);
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(readGraph({ path, signal })).rejects.toThrow('stop');
  });

  test('reads damaged files or refuses them, and never fails otherwise', async () => {
    const random = createRandom(8).fork(variant.title);
    const files = variant.files(COUNTS);
    const names = Object.keys(files);
    let refused = 0;
    const damages = names.some((name) => name.endsWith('.parquet'))
      ? DAMAGES.parquet
      : DAMAGES.text;
    for (let damage = 0; damage < damages; damage++) {
      const name = names[random.below(names.length)];
      const bytes = Buffer.from(files[name]);
      const cut = damage % 3 === 0;
      if (!cut) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
      const damaged = cut ? bytes.subarray(0, random.below(bytes.length)) : bytes;
      const dir = await writeFiles({ ...files, [name]: damaged });
      const path = variant.file === undefined ? dir : `${dir}/${basename(variant.file)}`;
      if ((await refusal(readGraph({ path }))) !== undefined) refused++;
      if (damage % 4 === 0) await checkData({ path });
    }
    expect(refused).toBeGreaterThan(damages / 4);
  }, 120_000);
});
