// The fields of a policy document, each by itself. Every refusal says what a field may hold and
// shows one value that would do.
import * as z from 'zod';
import { MAX_STAGES } from '../bundle/limits.ts';
import { isTimeZone } from '../time-zone/index.ts';
import { POLICY_NAMES } from './policy.ts';

/** Raised when a reader of the old number could misread a document. */
export const POLICY_SCHEMA = 1;

/** Seven days of several shifts each; a document is checked and compiled within a request. */
export const MAX_RULES = 32;

/** Ten years of Japanese holidays and shutdowns, said as ranges. */
export const MAX_EXCEPTIONS = 250;

/** There are no more caps than stages. */
export const MAX_STEPS = MAX_STAGES;

/** A step of load is left at this share of the load that it is taken at. */
export const DEFAULT_RELEASE = 0.8;

/** From Sunday, as `Date` counts them. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** What load may be measured as; a host that does not measure it takes no step. */
export const LOAD_MEASURES = [
  'requests-per-second',
  'rows-per-second',
  'queue-depth',
  'cpu-share',
] as const;

export type LoadMeasure = (typeof LOAD_MEASURES)[number];

/** An object that names the fields it knows when it is given another. */
function record<S extends z.ZodRawShape>(shape: S, example: string) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `only the fields ${known}, not ${issue.keys.join(', ')}`
        : `an object, e.g. ${example}`,
  });
}

const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, `one of ${names.join(', ')}, e.g. "${names[0]}"`);

function amount(what: string, example: string, most: number) {
  const error = `${what}, e.g. ${example}`;
  return z.number(error).positive(error).max(most, error);
}

const policyName = oneOf(POLICY_NAMES);
const weekday = oneOf(WEEKDAYS);

const START = 'a time "HH:MM" from "00:00" to "23:59", e.g. "22:00"';
const END = 'a time "HH:MM" from "00:00" to "24:00", e.g. "06:00"';
const startTime = z.string(START).regex(/^([01]\d|2[0-3]):[0-5]\d$/, START);
const endTime = z.string(END).regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, END);

const DATE = 'a date of the years 2000 to 2099, e.g. "2027-01-03"';
const isDate = (text: string) => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};
const date = z
  .string(DATE)
  .regex(/^20\d\d-\d\d-\d\d$/, DATE)
  .refine(isDate, DATE);

const ZONE = 'an IANA time zone, e.g. "Asia/Tokyo"';
const STAGE = `a stage from 1 to ${MAX_STAGES}, e.g. 2`;
const maxStage = z.int(STAGE).min(1, STAGE).max(MAX_STAGES, STAGE);

const DAYS = 'a list of 1 to 7 different weekdays, e.g. ["mon", "tue"]';

const rule = record(
  {
    /** Days on which the window begins. */
    days: z
      .array(weekday, DAYS)
      .min(1, DAYS)
      .max(7, DAYS)
      .refine((days) => new Set(days).size === days.length, DAYS),
    /** Wall-clock time, included. */
    from: startTime,
    /** Wall-clock time, excluded; before `from` it is that of the next day. */
    to: endTime,
    policy: policyName,
  },
  '{"days": ["mon"], "from": "22:00", "to": "06:00", "policy": "night"}',
);

const NAME = 'a name of 1 to 64 characters, e.g. "New Year shutdown"';

const exception = record(
  {
    name: z.string(NAME).min(1, NAME).max(64, NAME),
    /** First date, from 00:00. */
    from: date,
    /** Last date, to 24:00. @default {from} */
    to: date.optional(),
    /** Holds all day; the rules are not read. */
    policy: policyName.optional(),
    /** The dates go by the rules of this weekday: a Saturday that is worked, a holiday on a Monday. */
    like: weekday.optional(),
  },
  '{"name": "New Year shutdown", "from": "2026-12-29", "to": "2027-01-03", "policy": "night"}',
);

const LOAD_STEPS = `a list of 1 to ${MAX_STEPS} steps, e.g. [{"at": 500, "maxStage": 2}]`;

const load = record(
  {
    measure: oneOf(LOAD_MEASURES),
    steps: z
      .array(
        record(
          {
            /** Taken at this load and above. */
            at: amount('a load above 0', '500', 1e12),
            /** Left below this load. @default {DEFAULT_RELEASE of `at`} */
            release: amount('a load above 0 and below `at`', '400', 1e12).optional(),
            maxStage,
          },
          '{"at": 500, "release": 400, "maxStage": 2}',
        ),
        LOAD_STEPS,
      )
      .min(1, LOAD_STEPS)
      .max(MAX_STEPS, LOAD_STEPS),
  },
  '{"measure": "rows-per-second", "steps": [{"at": 500, "maxStage": 2}]}',
);

const COST_STEPS = `a list of at most ${MAX_STEPS} steps, e.g. [{"at": 0.8, "maxStage": 2}]`;

const cost = record(
  {
    /** Ceiling of a local day. At all of it every row stops at stage 1, and none is refused. */
    perDay: amount('a ceiling above 0', '2.5', 1e18),
    unit: oneOf(['usd', 'macs']),
    /** US$ for 10¹² multiply-accumulates. */
    usdPerTeraMacs: amount('US$ for 10¹² multiply-accumulates', '0.6', 1e12).optional(),
    steps: z
      .array(
        record(
          {
            /** Taken from this share of the ceiling on. */
            at: amount('a share of the ceiling above 0 and below 1', '0.8', 0.999_999),
            maxStage,
          },
          '{"at": 0.8, "maxStage": 2}',
        ),
        COST_STEPS,
      )
      .max(MAX_STEPS, COST_STEPS)
      .default([]),
  },
  '{"perDay": 1e12, "unit": "macs", "steps": [{"at": 0.8, "maxStage": 2}]}',
);

const SCHEMA = `${POLICY_SCHEMA}, the schema of this document, e.g. "schema": ${POLICY_SCHEMA}`;
const RULES = `a list of at most ${MAX_RULES} rules, e.g. [{"days": ["mon"], "from": "22:00", "to": "06:00", "policy": "night"}]`;
const EXCEPTIONS = `a list of at most ${MAX_EXCEPTIONS} exceptions, e.g. [{"name": "Holiday", "from": "2026-11-03", "like": "sun"}]`;
const NOTE = 'a text of at most 500 characters, e.g. "agreed with plant 2"';

export const documentFields = record(
  {
    schema: z.literal(POLICY_SCHEMA, SCHEMA),
    /** For people. */
    note: z.string(NOTE).max(500, NOTE).optional(),
    /** Whose wall clock and calendar the document speaks of. */
    timeZone: z.string(ZONE).max(64, ZONE).refine(isTimeZone, ZONE),
    /** What holds where no rule does. */
    otherwise: policyName.default('day'),
    /** The first that holds decides. */
    rules: z.array(rule, RULES).max(MAX_RULES, RULES).default([]),
    /** Dates that go before the rules. */
    exceptions: z.array(exception, EXCEPTIONS).max(MAX_EXCEPTIONS, EXCEPTIONS).default([]),
    load: load.optional(),
    cost: cost.optional(),
  },
  '{"schema": 1, "timeZone": "Asia/Tokyo", "rules": []}',
);

export type PolicyDocument = z.infer<typeof documentFields>;
export type PolicyRule = PolicyDocument['rules'][number];
export type PolicyException = PolicyDocument['exceptions'][number];
