export { TIME_UNITS, type TimeUnit } from '@dandan/shared/telemetry-table';
export { type CsvOptions, openCsv } from './csv-source.ts';
export { openPlant, type PlantSourceOptions } from './plant-source.ts';
export type { SampleSource } from './sample-source.ts';
export type { TableOptions } from './table-columns.ts';
