// The sources of a configuration.
import type { Topics } from '@dandan/shared/wire';
import type { GatewayConfig } from '../../config/index.ts';
import { HOME } from '../../mqtt/brokers/index.ts';
import { createDandanSource, type Source } from '../../sources/index.ts';
import { createMappingSource } from '../../sources/mapping/index.ts';
import { createSparkplugSource } from '../../sources/sparkplug/index.ts';
import type { NamedSource } from './pipeline.ts';

type SourceConfig = GatewayConfig['telemetry'][number];

export interface CreateSourcesOptions {
  readonly telemetry: readonly SourceConfig[];
  readonly topics: Topics;
  /** States of an earlier process, by name. @default {none} */
  readonly states?: Readonly<Record<string, unknown>> | undefined;
}

function create(config: SourceConfig, topics: Topics, state: unknown): Source {
  switch (config.kind) {
    case 'dandan':
      return createDandanSource(topics);
    case 'sparkplug':
      return createSparkplugSource(config, state);
    case 'mapping':
      return createMappingSource(config);
  }
}

/** Sources by the name that their state is kept under: kind, broker and place among their like. */
export function createSources(options: CreateSourcesOptions): NamedSource[] {
  const { telemetry, topics, states = {} } = options;
  const counts = new Map<string, number>();
  return telemetry.map((config) => {
    const broker = config.broker ?? HOME;
    const alike = `${config.kind}/${broker}`;
    const count = counts.get(alike) ?? 0;
    counts.set(alike, count + 1);
    const name = `${alike}/${count}`;
    return { name, broker, source: create(config, topics, states[name]) };
  });
}

/** The subscriptions that the sources need, by broker. */
export function filtersOf(sources: readonly NamedSource[]): Map<string, string[]> {
  const filters = new Map<string, string[]>();
  for (const { broker, source } of sources) {
    filters.set(broker, [...(filters.get(broker) ?? []), ...source.filters]);
  }
  return filters;
}
