// From a table's request to its cells, and from cells to groups that share a teacher.
import type { Setting, TeacherChoice } from '../run/train-options.ts';
import type { Cell, CellMeasure, CellMethod, CellSplit } from './cell.ts';
import { relevantOptions } from './relevant-options.ts';
import type { Settings } from './settings.ts';
import type { Variant, VariantSet } from './variants.ts';

/** A set as a worker found it. */
export interface DescribedSet extends VariantSet {
  readonly name: string;
  readonly path: string;
  /** SHA-256 of the graph's content. */
  readonly data: string;
  /** SHA-256 of the public split; empty where the data has none. */
  readonly publicSplitSha256: string;
  readonly nodes: number;
  /** Undirected. */
  readonly edges: number;
  readonly features: number;
}

export interface PlanRequest {
  readonly sets: readonly DescribedSet[];
  readonly teachers: readonly TeacherChoice[];
  readonly methods: readonly CellMethod[];
  readonly settings: readonly Setting[];
  readonly seeds: readonly number[];
  readonly split: CellSplit;
  readonly variants: readonly Variant[];
  readonly measure?: CellMeasure | undefined;
  readonly recommended: Settings;
}

/** A place of a table and the cell that fills it; places may share a cell. */
export interface Place {
  readonly set: string;
  readonly teacher: TeacherChoice;
  /** The column's method; the cell's may differ where a variant says so. */
  readonly method: CellMethod;
  readonly setting: Setting;
  readonly seed: number;
  readonly variant: string;
  readonly cell: Cell;
}

/** The variants that a method is run with; the teacher knows those that change its inputs. */
function variantsOf(method: CellMethod, variants: readonly Variant[]): readonly Variant[] {
  return variants.filter(({ only }) => only === undefined || only.includes(method));
}

/** All places of a table, set by set, seed by seed. */
export function planPlaces(request: PlanRequest): Place[] {
  const { sets, teachers, methods, settings, seeds, split, recommended } = request;
  const places: Place[] = [];
  for (const described of sets) {
    const { name: set, data, publicSplitSha256 } = described;
    const splitSha256 = split === 'public' ? publicSplitSha256 : '';
    for (const setting of settings) {
      for (const seed of seeds) {
        for (const teacher of teachers) {
          const options = { ...recommended.optionsFor(set, teacher, setting), seed };
          for (const method of methods) {
            for (const variant of variantsOf(method, request.variants)) {
              const changed = variant.change(options, described);
              const run = method === 'teacher' ? method : (variant.method ?? method);
              const { measure } = run === 'teacher' ? { measure: undefined } : request;
              const cell: Cell = {
                ...{ set, data, split, splitSha256, method: run, options: changed },
                ...(measure && { measure }),
              };
              places.push({ set, teacher, method, setting, seed, variant: variant.name, cell });
            }
          }
        }
      }
    }
  }
  return places;
}

/** Cells that share graph, split and teacher: one process runs them one after the other. */
export interface CellGroup {
  readonly path: string;
  /** The teacher's own cell, which comes first; students wait for its logits. */
  readonly teacher: Cell;
  readonly cells: readonly Cell[];
}

const identity = (cell: Cell) =>
  JSON.stringify([
    cell.data,
    cell.split,
    cell.splitSha256,
    cell.method,
    relevantOptions(cell.method, cell.options),
    cell.measure,
  ]);

/** Groups the cells, each once; the order is that of the places. */
export function groupCells(
  cells: readonly Cell[],
  pathOf: (set: string) => string,
): readonly CellGroup[] {
  const seen = new Set<string>();
  const groups = new Map<string, { path: string; teacher: Cell; cells: Cell[] }>();
  for (const cell of cells) {
    const own = identity(cell);
    if (seen.has(own)) continue;
    seen.add(own);
    const { measure: _, ...unmeasured } = cell;
    const teacher: Cell = { ...unmeasured, method: 'teacher' };
    const key = identity(teacher);
    const group = groups.get(key) ?? { path: pathOf(cell.set), teacher, cells: [] };
    group.cells.push(cell);
    groups.set(key, group);
  }
  return [...groups.values()];
}
