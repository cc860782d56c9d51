// A cell's cascade as it would be served: quantised, and certified on the calibration nodes.
import type { StaircaseMethod, trainCascade } from '../../baselines/train-cascade.ts';
import { structureOf } from '../../baselines/train-cascade.ts';
import { type AssembledBundle, assembleBundle } from '../../run/assemble-bundle.ts';
import type { MeasureCellOptions } from './measure-options.ts';

export interface StaircaseCell extends MeasureCellOptions {
  readonly method: StaircaseMethod;
}

/** @param temperatures T_k per stage. @default {fitted on the validation nodes} */
export function cellBundle(
  { graph, data, cell, method }: StaircaseCell,
  stages: Awaited<ReturnType<typeof trainCascade>>['stages'],
  temperatures?: readonly number[],
): Promise<AssembledBundle> {
  return assembleBundle({
    graph,
    data,
    stages,
    options: { ...cell.options, structure: structureOf(method) },
    ...(temperatures && { temperatures }),
    model: 'cell',
    version: '1',
    created: '1970-01-01T00:00:00Z',
    provenance: () => ({}),
  });
}
