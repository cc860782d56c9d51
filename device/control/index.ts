export { type Control, type ControlOptions, createControl } from './create-control.ts';
