export { checkClasses } from './check-classes.ts';
export { classNames } from './class-names.ts';
export {
  type LabelledRows,
  type LabelRowsOptions,
  labelAndCount,
  labelRows,
  type RowPlace,
} from './label-rows.ts';
export { type ReadLabelsOptions, readLabels } from './read-labels.ts';
export type { SheetInterval } from './sheet-interval.ts';
