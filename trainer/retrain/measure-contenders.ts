// Champion and challenger on the same held-out nodes, as a gateway would run them: by day, with early
// exit.
import type { Bundle } from '@dandan/shared/bundle';
import { evaluateBundle } from '../evaluate/evaluate-bundle.ts';
import type { StageFigures } from '../evaluate/figures.ts';
import type { GraphData } from '../graph/graph-data.ts';
import { type Comparison, compareAnswers } from './compare-answers.ts';
import type { Contender } from './decide.ts';

export interface MeasuredContender extends Contender {
  readonly sha256: string;
  readonly version: string;
  /** ISO 8601. */
  readonly created: string;
  readonly stages: readonly StageFigures[];
  readonly bytes: number;
}

export interface BundleFile {
  readonly bundle: Bundle;
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface MeasuredContenders {
  readonly champion: MeasuredContender;
  readonly challenger: MeasuredContender;
  readonly comparison: Comparison;
}

function measure({ bundle, sha256, bytes }: BundleFile, graph: GraphData, nodes: Int32Array) {
  const { figures, exitClasses } = evaluateBundle(bundle, graph, nodes);
  const { version, created, policies } = bundle.manifest;
  const { stages, exit } = figures;
  return {
    answers: exitClasses,
    contender: {
      sha256,
      version,
      created,
      stages,
      exit,
      bytes: bytes.byteLength,
      macs: exit.macsShare * stages[stages.length - 1].macs,
      certified: policies.day.certificate !== null,
    },
  };
}

/** @throws {InputError} where the data has other features or classes than a bundle. */
export function measureContenders(
  champion: BundleFile,
  challenger: BundleFile,
  { graph, nodes }: { readonly graph: GraphData; readonly nodes: Int32Array },
): MeasuredContenders {
  const before = measure(champion, graph, nodes);
  const after = measure(challenger, graph, nodes);
  return {
    champion: before.contender,
    challenger: after.contender,
    comparison: compareAnswers({
      champion: before.answers,
      challenger: after.answers,
      nodes,
      labels: graph.labels,
      classes: graph.classes,
      places: graph.places,
    }),
  };
}
