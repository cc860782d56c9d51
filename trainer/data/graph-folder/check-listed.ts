// Which nodes there are: every number up to the largest must be listed somewhere.
import type { IssueCollector } from '../issues.ts';

export interface ListedNodes {
  readonly nodeCount: number;
  readonly nodesWithoutLabelLine: number;
  readonly nodesWithoutFeatureLine: number;
}

function largest(nodes: Int32Array): number {
  let result = -1;
  for (const node of nodes) if (node > result) result = node;
  return result;
}

/** Lowest number up to `nodeCount` that neither list holds, −1 if all are held. */
function firstGap(lists: readonly Int32Array[], nodeCount: number): number {
  const listed = new Uint8Array(nodeCount);
  for (const list of lists) for (const node of list) listed[node] = 1;
  return listed.indexOf(0);
}

/**
 * Counts the nodes. Each list holds a node at most once.
 *
 * @returns `undefined` when there is no node, or when most numbers are unlisted:
 * one mistyped number must not cost memory for ten million nodes.
 */
export function checkListed(options: {
  readonly labelNodes: Int32Array;
  readonly featureNodes: Int32Array;
  readonly issues: IssueCollector;
}): ListedNodes | undefined {
  const { labelNodes, featureNodes, issues } = options;
  const nodeCount = Math.max(largest(labelNodes), largest(featureNodes)) + 1;
  const gap = firstGap([labelNodes, featureNodes], nodeCount);
  if (gap >= 0 || nodeCount === 0) {
    issues.report({
      code: 'data-invalid',
      message:
        nodeCount === 0
          ? 'The folder lists no node'
          : `Node ${gap} has neither a label nor a feature line, but node ${nodeCount - 1} has`,
      field: 'labels.csv:node',
      value: nodeCount === 0 ? undefined : gap,
      allowed: 'every number from 0 to the largest in labels.csv or features.csv',
    });
  }
  if (nodeCount === 0 || nodeCount > labelNodes.length + featureNodes.length) return undefined;
  return {
    nodeCount,
    nodesWithoutLabelLine: nodeCount - labelNodes.length,
    nodesWithoutFeatureLine: nodeCount - featureNodes.length,
  };
}
