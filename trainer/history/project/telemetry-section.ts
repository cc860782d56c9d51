// `telemetry` of plant.yaml: which files hold readings, and what their columns are.
import { tableSourcesSchema } from '@dandan/shared/telemetry-table';
import type * as z from 'zod';

/** The gateway reads it too, to play a history as the trainer has read it. */
export const telemetrySection = tableSourcesSchema;

export type TelemetryFiles = z.output<typeof telemetrySection>[number];
