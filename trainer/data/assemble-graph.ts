// The last step of every reader: edges, features and labels in node order → a graph.
import { buildAdjacency, type EdgeList } from '../graph/build-adjacency.ts';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { hashGraph } from '../graph/hash-graph.ts';
import { chooseFeatures } from './choose-features.ts';
import type { ReadGraph } from './graph-reader.ts';
import type { IssueCollector } from './issues.ts';
import { nameClasses } from './name-classes.ts';
import { splitOfCodes } from './split-codes.ts';

export interface GraphParts {
  readonly name: string;
  readonly edges: EdgeList;
  readonly features: NodeFeatures;
  /** Where the features come from, as errors call it. */
  readonly featureField: string;
  /** int32 [nodes]: index into `labelTexts`, −1 where unknown. */
  readonly labels: Int32Array;
  readonly labelTexts: readonly string[];
  /** Where the labels come from, as errors call it. */
  readonly labelField: string;
  /** Names by class number, where the data has them. */
  readonly classNames: readonly string[] | undefined;
  /** int32 [nodes]: codes of `split-codes.ts`. */
  readonly splits: Int32Array;
  readonly notes: readonly string[];
}

function checkClasses({ labelTexts, labelField }: GraphParts, issues: IssueCollector): void {
  if (labelTexts.length >= 2) return;
  issues.report({
    code: 'data-invalid',
    message: 'The labels must hold at least two classes',
    field: labelField,
    value: labelTexts.join(', '),
    allowed: 'at least 2 different labels',
  });
}

/** Joins the parts. The same graph gives the same hash, whatever layout it came from. */
export function assembleGraph(parts: GraphParts, issues: IssueCollector): ReadGraph {
  const { name, edges, labelTexts, classNames, featureField } = parts;
  checkClasses(parts, issues);
  const { classes, classOf } = nameClasses(labelTexts, classNames);
  const labels = parts.labels.map((text) => (text < 0 ? -1 : classOf[text]));
  const features = chooseFeatures({ features: parts.features, field: featureField, issues });
  const { adjacency, selfLoops, duplicates, reciprocal } = buildAdjacency(edges);
  const featureSpec = { kind: 'table', columns: features.rows.width } as const;
  const content = { classes, featureSpec, features, adjacency, labels };
  return {
    graph: {
      name,
      ...content,
      publicSplit: splitOfCodes(parts.splits),
      sha256: hashGraph(content),
    },
    counts: {
      selfLoops,
      duplicateEdges: duplicates - reciprocal,
      reciprocalEdges: reciprocal,
    },
    notes: parts.notes,
  };
}
