// A site's graph to the rows that its summary is made of.
import type { Bundle } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { selectRows } from '@dandan/shared/kernel';
import type { GraphData, Split } from '../graph/graph-data.ts';
import { quantiseFeatures } from '../quantise/input.ts';
import type { SiteRows } from './summarise-site.ts';

/** Position in the bundle of each of the site's classes: a site may have seen some of them only. */
function positionsOf(bundle: Bundle, { classes, name }: GraphData): Int32Array {
  const known = bundle.manifest.classes;
  const positions = Int32Array.from(classes, (each) => known.indexOf(each));
  const stranger = positions.indexOf(-1);
  if (stranger < 0) return positions;
  throw new InputError('data-invalid', `${name} has a class that the bundle does not know`, {
    field: '--data',
    value: classes[stranger],
    allowed: `classes of the bundle: ${known.join(', ')}`,
  });
}

/**
 * Calibration rows are those of the split's unlabelled nodes; temperatures are told by its
 * validation nodes.
 *
 * @throws {InputError} `data-invalid` for a class that the bundle does not know; `rows-wrong-width`.
 */
export function siteRows(bundle: Bundle, graph: GraphData, split: Split): SiteRows {
  const positions = positionsOf(bundle, graph);
  const rows = quantiseFeatures(graph.features, bundle.input);
  const { validation, unlabelled } = split;
  return {
    bundle,
    calibration: selectRows(rows, unlabelled),
    labelled: {
      rows: selectRows(rows, validation),
      labels: Int32Array.from(validation, (node) => positions[graph.labels[node]]),
    },
  };
}
