// Topics of Sparkplug B: spBv1.0/{group}/{type}/{edge node}[/{device}].

/** What edge nodes say. Commands (NCMD, DCMD) are said to them. */
export type MessageType = 'NBIRTH' | 'NDEATH' | 'NDATA' | 'DBIRTH' | 'DDEATH' | 'DDATA';

export interface SparkplugTopic {
  readonly group: string;
  readonly type: MessageType;
  readonly node: string;
  /** Present in the types that begin with D. */
  readonly device: string | undefined;
}

export const NAMESPACE = 'spBv1.0';

const NODE_TYPES: readonly string[] = ['NBIRTH', 'NDEATH', 'NDATA'] satisfies MessageType[];
const DEVICE_TYPES: readonly string[] = ['DBIRTH', 'DDEATH', 'DDATA'] satisfies MessageType[];

/** Group, type, node and device of a topic; `undefined` for any other topic. */
export function parseSparkplugTopic(topic: string): SparkplugTopic | undefined {
  const [namespace, group, type, node, device, ...more] = topic.split('/');
  if (namespace !== NAMESPACE || more.length > 0 || !group || !node || device === '') {
    return undefined;
  }
  const types = device === undefined ? NODE_TYPES : DEVICE_TYPES;
  if (!types.includes(type)) return undefined;
  return { group, type: type as MessageType, node, device };
}

/** Subscriptions that bring what the nodes of `groups` say, and none of the commands to them. */
export function sparkplugFilters(groups: readonly string[]): string[] {
  const open = groups.some((group) => /[*?]/.test(group));
  return (open ? ['+'] : [...new Set(groups)]).flatMap((group) => [
    ...NODE_TYPES.map((type) => `${NAMESPACE}/${group}/${type}/+`),
    ...DEVICE_TYPES.map((type) => `${NAMESPACE}/${group}/${type}/+/+`),
  ]);
}

export const rebirthTopic = ({ group, node }: Pick<SparkplugTopic, 'group' | 'node'>): string =>
  `${NAMESPACE}/${group}/NCMD/${node}`;
