// plant.yaml: everything that turns a plant's history into a graph to learn from.
import { modelNameSchema } from '@dandan/shared/bundle';
import * as z from 'zod';
import { channelsSection, featuresSection } from './features-section.ts';
import { className, timeZone } from './fields.ts';
import { graphSection, splitSection } from './graph-section.ts';
import { labelsSection, topologySection } from './labels-section.ts';
import { telemetrySection } from './telemetry-section.ts';

export const projectSchema = z.strictObject({
  /** Name of the model, in URLs and topics. */
  model: modelNameSchema,
  /** Of times without an offset. @default {'UTC'} */
  timeZone: timeZone.default('UTC'),
  telemetry: telemetrySection,
  /** @default {every channel that the files hold, with the unit that they state} */
  channels: channelsSection.optional(),
  labels: labelsSection.prefault({}),
  /** Classes in the order of the answers. @default {those of the labels, in alphabetical order} */
  classes: z.array(className).min(2).optional(),
  /**
   * Lists of classes of which a machine is never in two: training mixes no windows of them.
   * @default {mixup may join any two}
   */
  exclusive: z.array(z.array(className).min(2)).min(1).optional(),
  /** The class in which nothing is wrong: false alarms and lead times are counted against it. */
  normal: className.default('normal'),
  topology: topologySection.optional(),
  /** @default {proposed from the data; `dandan data check` prints them} */
  features: featuresSection.optional(),
  graph: graphSection.prefault({}),
  split: splitSection.prefault({}),
});

/** A checked plant.yaml with all defaults filled in. */
export type PlantProject = z.output<typeof projectSchema>;
