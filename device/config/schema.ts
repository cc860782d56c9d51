// The configuration file of a gateway, as people write it.
import * as z from 'zod';
import { LOG_FORMATS, LOG_LEVELS } from '../log/index.ts';
import { brokerSection, homeBrokerSection } from './sections/broker.ts';
import { edgeSection } from './sections/edge.ts';
import { edgeReportSection } from './sections/edge-report.ts';
import { escalationSection } from './sections/escalation.ts';
import { expositionSection } from './sections/exposition.ts';
import { milliseconds, path, topicLevel } from './sections/fields.ts';
import { journalSection } from './sections/journal.ts';
import { mappingSection } from './sections/mapping.ts';
import { modelsSchema, updatesSchema } from './sections/models.ts';
import { outboxSection } from './sections/outbox.ts';
import { outputsSection } from './sections/outputs.ts';
import { policySection } from './sections/policy.ts';
import { qualityConfigSchema } from './sections/quality.ts';
import { remoteSection } from './sections/remote.ts';
import { sparkplugSection } from './sections/sparkplug.ts';

/** Named brokers besides the home broker: one for each hall of a large plant. */
const MAX_BROKERS = 16;

/** Topics of a large plant, a mapping for each kind of machine. */
const MAX_SOURCES = 100;

/** The gateway's own topics. */
const dandanSection = z.strictObject({
  kind: z.literal('dandan'),
  /** Name of a broker in `brokers`; without it the home broker. */
  broker: topicLevel.optional(),
});

const telemetrySection = z
  .array(z.discriminatedUnion('kind', [dandanSection, sparkplugSection, mappingSection]))
  .min(1)
  .max(MAX_SOURCES)
  .default([{ kind: 'dandan' }]);

export const gatewayConfigSchema = z
  .strictObject({
    site: topicLevel,
    gateway: topicLevel,
    /** Folder of everything the gateway writes. */
    data: path,
    broker: homeBrokerSection,
    /** Further brokers that telemetry comes from. */
    brokers: z
      .record(topicLevel, brokerSection)
      .refine((named) => Object.keys(named).length <= MAX_BROKERS, `at most ${MAX_BROKERS} brokers`)
      .default({}),
    telemetry: telemetrySection,
    edge: edgeSection,
    models: modelsSchema,
    updates: updatesSchema.prefault({}),
    policy: policySection,
    journal: journalSection.prefault({}),
    outbox: outboxSection.prefault({}),
    escalation: escalationSection.prefault({}),
    edgeReport: edgeReportSection.prefault({}),
    remote: remoteSection.prefault({}),
    outputs: outputsSection.prefault({}),
    quality: qualityConfigSchema.prefault({}),
    /** Absent: no port is opened. */
    exposition: expositionSection.optional(),
    /** A silent asset's row is built this long after it was due. Default: two strides. 0: never. */
    flushAfterMs: milliseconds(86_400_000).optional(),
    metricsIntervalMs: z.int().min(10).max(3_600_000).default(1000),
    logLevel: z.enum(LOG_LEVELS).default('info'),
    /** Default: text on a terminal, else JSON. */
    logFormat: z.enum(LOG_FORMATS).optional(),
  })
  .superRefine(({ telemetry, brokers, edge, models }, context) => {
    for (const [i, model] of models.entries()) {
      if (edge.via !== 'none' || ('file' in model && model.stages === 'all')) continue;
      context.addIssue({
        code: 'custom',
        path: ['models', i, 'file' in model ? 'stages' : 'model'],
        message: 'a file, and stages: all, as edge.via is none',
      });
    }
    for (const [i, { broker }] of telemetry.entries()) {
      if (broker === undefined || Object.hasOwn(brokers, broker)) continue;
      const names = Object.keys(brokers).join(', ') || 'none is defined';
      context.addIssue({
        code: 'custom',
        path: ['telemetry', i, 'broker'],
        message: `a name under brokers (${names}), or nothing for the home broker`,
      });
    }
  });

/** A validated configuration. Paths are absolute; it holds no secret. */
export type GatewayConfig = z.infer<typeof gatewayConfigSchema>;
