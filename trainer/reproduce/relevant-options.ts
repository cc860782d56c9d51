// Which options bear on a method's result: a plain MLP reads no teacher, so one run
// of it serves the columns of all teachers.
import { DEFAULTS, type TrainOptions } from '../run/train-options.ts';
import { cascadeWidths } from '../student/widths.ts';
import type { CellMethod, Json, JsonObject } from './cell.ts';

/** Thresholds are certified after training; no accuracy of a table depends on them. */
const CERTIFICATE = ['alpha', 'worstClass', 'escalation', 'delta'];
const STUDENT = [
  'widths',
  'hiddenLayers',
  'propagation',
  'positions',
  'inputDropout',
  'dropout',
  'averaging',
  'gatekeeper',
  'student',
  'structure',
  'targets',
  'augmentation',
];
/** Parts of PKD and PMA that a student trained on labels alone never meets. */
const DISTILLATION = ['alpha', 'beta', 'temperature', 'mixupWeight'];

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function without(object: JsonObject, unwanted: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !unwanted(key)));
}

/** The options, as plain JSON, that can change what `method` answers. */
export function relevantOptions(method: CellMethod, options: TrainOptions): JsonObject {
  const plain: JsonObject = JSON.parse(JSON.stringify(options));
  const isTeachers = (key: string) => key.startsWith('teacher');
  const isMixups = (key: string) => key.startsWith('mixup');
  const chosen = without(plain, (key) => CERTIFICATE.includes(key) || key === 'structure');
  if (method === 'teacher') return without(chosen, (key) => STUDENT.includes(key) || isMixups(key));
  if (method === 'progmlp-additive') {
    return { ...chosen, widths: cascadeWidths('additive', options) };
  }
  const ungated = without(chosen, (key) => key === 'gatekeeper');
  if (method === 'progmlp-incremental') return ungated;
  const published = without(ungated, (key) => key === 'averaging');
  if (method !== 'mlp') return published;
  const student = chosen.student as JsonObject;
  return {
    ...without(published, (key) => isTeachers(key) || isMixups(key) || key === 'targets'),
    student: without(student, (key) => DISTILLATION.includes(key)),
  };
}

/**
 * Whether a recorded cell answers for the wanted one. An option that did not exist when the
 * cell was computed must have its default now: what was computed before the option came stays
 * valid, so that a long table survives additions to the code.
 */
export function sameOptions(
  recorded: Json | undefined,
  wanted: Json | undefined,
  defaults: Json | undefined = DEFAULTS as unknown as JsonObject,
): boolean {
  if (recorded === undefined) return JSON.stringify(wanted) === JSON.stringify(defaults);
  if (isObject(recorded) && isObject(wanted)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(wanted)]);
    return [...keys].every((key) =>
      sameOptions(recorded[key], wanted[key], isObject(defaults) ? defaults[key] : undefined),
    );
  }
  return JSON.stringify(recorded) === JSON.stringify(wanted);
}
