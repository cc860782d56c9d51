// What somebody knows of a stretch of time: one line of a label sheet, or rows of a label column.
export type { LabelInterval } from '@dandan/shared/telemetry-table';
