// Where a machine stands in its line, as a short vector: neighbours have similar ones, and lines
// that are drawn alike have equal ones.
import { InputError } from '@dandan/shared/error';
import type { Topology } from '../topology.ts';
import { smoothestVectors } from './smoothest-vectors.ts';

/** As in a feature spec. */
export interface AssetPositions {
  readonly dimensions: number;
  /** Coordinates by asset. */
  readonly assets: Readonly<Record<string, readonly number[]>>;
}

/** Bundles hold them in decimal; nothing that learns tells a millionth. */
const DECIMALS = 1e6;

/** As many as a feature spec takes. */
const MAX_DIMENSIONS = 256;
const MAX_ASSETS = 1000;

interface Arrow {
  readonly from: number;
  readonly to: number;
}

const isBefore = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Machines in the order of their names, and each edge once: the order of a file must not matter. */
function drawing({ assets, edges }: Topology) {
  const names = [
    ...new Set([...assets.map(({ name }) => name), ...edges.flatMap((e) => [e.from, e.to])]),
  ];
  names.sort(isBefore);
  const position = new Map(names.map((name, at) => [name, at]));
  const arrows = new Map<string, Arrow>();
  for (const edge of edges) {
    const from = position.get(edge.from)!;
    const to = position.get(edge.to)!;
    if (from !== to) arrows.set(`${from} ${to}`, { from, to });
  }
  const ordered = [...arrows.values()].sort((a, b) => a.from - b.from || a.to - b.to);
  return { names, arrows: ordered };
}

/** Machines that are joined by whatever way, by the first of them. */
function linesOf(count: number, arrows: readonly Arrow[]): number[][] {
  const neighbours: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of arrows) {
    neighbours[from].push(to);
    neighbours[to].push(from);
  }
  const found = new Uint8Array(count);
  return Array.from(neighbours.keys()).flatMap((first) => {
    if (found[first] === 1) return [];
    const line = [first];
    found[first] = 1;
    for (let at = 0; at < line.length; at++) {
      for (const next of neighbours[line[at]]) {
        if (found[next] === 0) line.push(next);
        found[next] = 1;
      }
    }
    return [line.sort((a, b) => a - b)];
  });
}

function laplacianOf(n: number, arrows: readonly Arrow[]): Float64Array {
  const laplacian = new Float64Array(n * n);
  for (const { from, to } of arrows) {
    laplacian[from * n + to] = laplacian[to * n + from] = -1;
  }
  for (let i = 0; i < n; i++) {
    laplacian[i * n + i] = -laplacian.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0);
  }
  return laplacian;
}

/** An eigenvector may point either way: downstream is up; else the first machine is on the positive side. */
function signOf(vector: Float64Array, arrows: readonly Arrow[]): number {
  const rise = arrows.reduce((sum, { from, to }) => sum + vector[to] - vector[from], 0);
  const clear = (value: number) => Math.abs(value) > 1e-9;
  const decisive = clear(rise) ? rise : (vector.find(clear) ?? 1);
  return decisive < 0 ? -1 : 1;
}

function check(field: string, value: number, largest: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= largest) return;
  throw new InputError('option-invalid', `Positions cannot have ${field} = ${value}`, {
    field,
    value,
    allowed: `a whole number, 1..${largest}`,
  });
}

/**
 * Eigenvectors of each line's Laplacian (Belkin & Niyogi 2003), smoothest first, with a mean
 * square of 1 over its machines. The first runs along the flow, upstream negative. Coordinates that
 * a small line does not have, and all of a machine on its own, are 0.
 *
 * The same drawing gives the same numbers in every engine, whatever the order of its lines.
 *
 * @throws {InputError} `option-invalid`.
 */
export function assetPositions(topology: Topology, dimensions: number): AssetPositions {
  check('dimensions', dimensions, MAX_DIMENSIONS);
  const { names, arrows } = drawing(topology);
  check('assets', names.length, MAX_ASSETS);
  const coordinates = names.map(() => Array<number>(dimensions).fill(0));
  const lineOf = new Int32Array(names.length);
  const placeOf = new Int32Array(names.length);
  const lines = linesOf(names.length, arrows);
  lines.forEach((line, at) => {
    line.forEach((asset, place) => {
      lineOf[asset] = at;
      placeOf[asset] = place;
    });
  });
  lines.forEach((line, at) => {
    const own = arrows
      .filter(({ from }) => lineOf[from] === at)
      .map(({ from, to }) => ({ from: placeOf[from], to: placeOf[to] }));
    const vectors = smoothestVectors(laplacianOf(line.length, own), line.length, dimensions);
    vectors.forEach((vector, d) => {
      const scale = signOf(vector, own) * Math.sqrt(line.length) * DECIMALS;
      line.forEach((asset, place) => {
        // + 0: a rounded −0 is written as 0.
        coordinates[asset][d] = Math.round(scale * vector[place]) / DECIMALS + 0;
      });
    });
  });
  return {
    dimensions,
    assets: Object.fromEntries(names.map((name, asset) => [name, coordinates[asset]])),
  };
}
