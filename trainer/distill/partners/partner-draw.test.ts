import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodePlaces } from '../../graph/graph-data.ts';
import { createPartnerDraw, type PartnerDrawOptions } from './partner-draw.ts';
import { excludedBy } from './partner-rules.ts';

const MINUTE = 60_000;
const CLASSES = ['normal', 'leak', 'blockage', 'idle'];

interface Node {
  readonly asset: number;
  readonly run: number;
  readonly minute: number;
  readonly states: readonly number[];
}

function placesOf(nodes: readonly Node[], kinds: NodePlaces['kinds']): NodePlaces {
  return {
    assets: kinds.map((_, asset) => `asset-${asset}`),
    kinds,
    runs: ['a', 'b'],
    asset: Int32Array.from(nodes, ({ asset }) => asset),
    run: Int32Array.from(nodes, ({ run }) => run),
    time: Float64Array.from(nodes, ({ minute }) => minute * MINUTE),
  };
}

const node = fc.record({
  asset: fc.nat(3),
  run: fc.nat(1),
  minute: fc.nat(20),
  states: fc.uniqueArray(fc.nat(CLASSES.length - 1), { minLength: 1, maxLength: 2 }),
});

const rules = fc.record({
  sameKind: fc.boolean(),
  within: fc.constantFrom(undefined, 0, 1, 5),
  exclusive: fc.constantFrom<string[][] | undefined>(
    undefined,
    [['leak', 'blockage']],
    [CLASSES],
    [
      ['leak', 'idle'],
      ['normal', 'idle'],
    ],
  ),
  kinds: fc.array(fc.constantFrom('press', 'oven', undefined), { minLength: 4, maxLength: 4 }),
});

/** The rules as a person would say them, pair by pair. */
function allowed(
  a: Node,
  b: Node,
  { sameKind, within, exclusive, kinds }: Parameters<Parameters<typeof rules.map>[0]>[0],
): boolean {
  if (within !== undefined) {
    if (a.asset !== b.asset || a.run !== b.run) return false;
    if (Math.abs(a.minute - b.minute) > within) return false;
  }
  if (sameKind && a.asset !== b.asset) {
    const kind = kinds[a.asset];
    if (kind === undefined || kind !== kinds[b.asset]) return false;
  }
  return !(exclusive ?? []).some((list) =>
    a.states.some((s) =>
      b.states.some((t) => s !== t && list.includes(CLASSES[s]) && list.includes(CLASSES[t])),
    ),
  );
}

test('createPartnerDraw() draws partners that every rule allows, and none only where none is allowed', () => {
  fc.assert(
    fc.property(
      fc.array(node, { minLength: 1, maxLength: 40 }),
      rules,
      fc.integer(),
      (all, rule, seed) => {
        // Every other node stays out of the pairs.
        const nodes = Int32Array.from(all.keys()).filter((i) => i % 2 === 0);
        const options: PartnerDrawOptions = {
          nodes,
          places: placesOf(all, rule.kinds),
          sameKind: rule.sameKind,
          withinMs: rule.within === undefined ? undefined : rule.within * MINUTE,
          excludes: rule.exclusive && excludedBy(CLASSES, rule.exclusive),
          statesOf: (i) => all[i].states,
        };
        const { draw, alone } = createPartnerDraw(options);
        const partners = (i: number) =>
          [...nodes].filter((j) => j !== i && allowed(all[i], all[j], rule));
        expect(alone).toBe([...nodes].filter((i) => partners(i).length === 0).length);
        const random = createRandom(seed);
        for (let round = 0; round < 8; round++) {
          draw(random).forEach((partner, position) => {
            const own = nodes[position];
            const possible = partners(own);
            if (possible.length === 0) expect(nodes[partner]).toBe(own);
            else expect(possible).toContain(nodes[partner]);
          });
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('createPartnerDraw() draws every allowed partner equally often', () => {
  const nodes = Int32Array.of(0, 1, 2, 3);
  const { draw } = createPartnerDraw({
    nodes,
    excludes: [[], [2], [1], []],
    statesOf: (i) => [i],
  });
  const random = createRandom(5);
  const counts = new Map<number, number>();
  for (let round = 0; round < 6000; round++) {
    const partner = draw(random)[1];
    counts.set(partner, (counts.get(partner) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([0, 3]);
  // Four deviations of a fair coin.
  expect(Math.abs((counts.get(0) ?? 0) - 3000)).toBeLessThan(4 * Math.sqrt(1500));
});

test('createPartnerDraw() draws the same partners of the same seed', () => {
  const nodes = Int32Array.from({ length: 50 }, (_, i) => i);
  const options = { nodes, statesOf: () => [0] };
  const draws = (seed: number) => {
    const { draw } = createPartnerDraw(options);
    const random = createRandom(seed);
    return [draw(random), draw(random)];
  };
  expect(draws(1)).toEqual(draws(1));
  expect(draws(1)).not.toEqual(draws(2));
  expect(draws(1)[0]).not.toEqual(draws(1)[1]);
});
