// The sources of a configuration.
import type { Topics } from '@dandan/shared/wire';
import { HOME } from '../broker/index.ts';
import type { GatewayConfig } from '../config/index.ts';
import { createDandanSource, type Source } from '../ingest/index.ts';
import type { NamedSource } from './pipeline.ts';

type SourceConfig = GatewayConfig['telemetry'][number];

function create(config: SourceConfig, topics: Topics): Source {
  switch (config.kind) {
    case 'dandan':
      return createDandanSource(topics);
  }
}

/** Sources by the name that their state is kept under: kind, broker and place among their like. */
export function createSources(telemetry: readonly SourceConfig[], topics: Topics): NamedSource[] {
  const counts = new Map<string, number>();
  return telemetry.map((config) => {
    const broker = config.broker ?? HOME;
    const alike = `${config.kind}/${broker}`;
    const count = counts.get(alike) ?? 0;
    counts.set(alike, count + 1);
    return { name: `${alike}/${count}`, broker, source: create(config, topics) };
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
