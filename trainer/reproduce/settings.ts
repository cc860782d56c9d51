// Recommended hyper-parameters by set and teacher, chosen on validation accuracy; what
// they leave open has the defaults of `dandan train`.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import { teacherMember } from '../run/ensemble-teacher.ts';
import {
  DEFAULTS,
  ENSEMBLE,
  type Setting,
  TEACHER_DEFAULTS,
  type TeacherChoice,
  type TrainOptions,
} from '../run/train-options.ts';
import { defaultWidths } from '../student/widths.ts';

/** Folder of the recommended settings: teachers, students, and what held-out nodes want instead. */
const SETTINGS_DIR = fileURLToPath(new URL('settings', import.meta.url));
const FILES = ['teachers.json', 'students.json', 'inductive.json'] as const;
const ONLY_INDUCTIVE = 'inductive.json';

/** Name that stands for every set, or every teacher, without settings of its own. */
const ANY = '*';
/** Stages and hidden units of the last one, as `dandan train` has them. */
const STAGES = 4;
const HIDDEN = 64;

export type Overrides = Partial<Omit<TrainOptions, 'student'>> & {
  readonly student?: Partial<TrainOptions['student']>;
};

export interface Settings {
  /** The options of a run on `set` under `teacher`, seed 1. @param setting @default {'tran'} */
  optionsFor(set: string, teacher: TeacherChoice, setting?: Setting): TrainOptions;
}

const BASE: TrainOptions = {
  ...DEFAULTS,
  // What the widths of the files are meant for; a method of another structure has its own.
  structure: 'incremental',
  setting: 'tran',
  widths: defaultWidths('incremental', STAGES, HIDDEN),
};

/** Options under other options; `student` is merged, not replaced. */
export function withOverrides(options: TrainOptions, overrides: Overrides): TrainOptions {
  return { ...options, ...overrides, student: { ...options.student, ...overrides.student } };
}

const fileSchema = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

function refuse(file: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('config-invalid', `The settings in ${file} cannot be used`, {
    field: `${file}: ${field}`,
    value,
    allowed,
  });
}

/** Options are known by their defaults; a misspelt one would silently leave its default in force. */
function checkKeys(file: string, path: string, given: object, known: object): void {
  for (const [key, value] of Object.entries(given)) {
    const expected = (known as Record<string, unknown>)[key];
    if (expected === undefined)
      refuse(file, `${path}.${key}`, value, Object.keys(known).join(', '));
    if (typeof value !== typeof expected) {
      refuse(file, `${path}.${key}`, value, `a ${typeof expected}`);
    }
  }
}

async function readSettingsFile(dir: string, name: string) {
  const text = await readFile(`${dir}/${name}`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    refuse(name, 'content', (cause as Error).message, 'JSON');
  }
  const { data, error } = fileSchema.safeParse(parsed);
  if (error) {
    const [issue] = error.issues;
    refuse(name, issue.path.join('.'), issue.message, '{ set: { teacher: { option: value } } }');
  }
  for (const [set, teachers] of Object.entries(data)) {
    for (const [teacher, { student, ...options }] of Object.entries(teachers)) {
      checkKeys(name, `${set}.${teacher}`, options, BASE);
      checkKeys(name, `${set}.${teacher}.student`, student ?? {}, BASE.student);
    }
  }
  return data as Record<string, Record<string, Overrides>>;
}

/**
 * Reads the recommended settings.
 *
 * @throws {InputError} `config-invalid` naming the file and the option.
 */
export async function readSettings(dir: string = SETTINGS_DIR): Promise<Settings> {
  const files = await Promise.all(
    FILES.map(async (name) => ({ name, sets: await readSettingsFile(dir, name) })),
  );
  function optionsFor(
    set: string,
    teacher: TeacherChoice,
    setting: Setting = 'tran',
  ): TrainOptions {
    let options: TrainOptions = { ...BASE, teacher, setting, ...TEACHER_DEFAULTS[teacher] };
    for (const { name, sets } of files) {
      if (name === ONLY_INDUCTIVE && setting !== 'ind') continue;
      for (const teachers of [sets[ANY], sets[set]]) {
        for (const overrides of [teachers?.[ANY], teachers?.[teacher]]) {
          if (overrides) options = withOverrides(options, overrides);
        }
      }
    }
    if (teacher !== 'ensemble') return options;
    const teacherMembers = ENSEMBLE.map((kind) =>
      teacherMember(kind, optionsFor(set, kind, setting)),
    );
    return { ...options, teacherMembers };
  }
  return { optionsFor };
}
