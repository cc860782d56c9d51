// One message to samples, as a mapping says.
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import { type JsonPath, readEvery, readJsonPath } from '../json-path/index.ts';
import type { Mapping, MappingOptions, NameSource } from '../mapping-rules/index.ts';
import {
  ASSET_WORDS,
  CHANNEL_WORDS,
  fillNameTemplate,
  isAssetName,
  isChannelName,
  ruleOf,
} from '../naming/index.ts';
import type { SourceMessage } from '../source.ts';
import type { MappingCounters } from './counters.ts';
import { MAX_PROBLEMS_PER_MESSAGE, MAX_READINGS, MAX_SAMPLES } from './limits.ts';
import { numberWords, readNumber } from './read-number.ts';
import { readTime, timeWords } from './read-time.ts';

export interface DocumentState {
  readonly options: MappingOptions;
  readonly mapping: Mapping;
  readonly message: SourceMessage;
  /** Named levels of the topic. */
  readonly parts: Readonly<Record<string, string>>;
  /** The payload, parsed; a number where it is text. */
  readonly document: unknown;
  readonly samples: Sample[];
  readonly problems: InputError[];
  readonly counters: MappingCounters;
}

/** A value by the name that its sender gives it, and where it stood. */
type NamedValue = readonly [name: string, value: unknown, field: string];

export function addProblem(
  { problems, message }: Pick<DocumentState, 'problems' | 'message'>,
  field: string,
  value: unknown,
  allowed: string,
): void {
  if (problems.length === MAX_PROBLEMS_PER_MESSAGE) return;
  const text = `${field} of ${message.topic} is not usable`;
  problems.push(new InputError('payload-invalid', text, { field, value, allowed }));
}

function at(path: JsonPath, { document }: DocumentState, reading: unknown): unknown {
  return readJsonPath(path, path.root === '@' ? reading : document);
}

/** The name that `source` gives; `undefined`, and a problem, where it gives none. */
function nameOf(
  source: NameSource,
  what: string,
  state: DocumentState,
  reading: unknown,
): string | undefined {
  if (source.kind === 'template') return fillNameTemplate(source.template, state.parts);
  const value = at(source.path, state, reading);
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  addProblem(state, source.path.text, value, `text or a whole number: the name of ${what}`);
  return undefined;
}

function assetOf(state: DocumentState, reading: unknown): string | undefined {
  const { assets } = state.options;
  const name = nameOf(state.mapping.asset, 'an asset', state, reading);
  if (name === undefined) return undefined;
  const asset = Object.hasOwn(assets, name) ? assets[name] : name;
  if (isAssetName(asset)) return asset;
  addProblem(state, 'asset', asset, `${ASSET_WORDS}, or an entry in 'assets'`);
  return undefined;
}

function timeOf(state: DocumentState, reading: unknown): number | undefined {
  const { mapping, options, message, counters } = state;
  if (mapping.time !== undefined) {
    const { path, unit } = mapping.time;
    const stated = at(path, state, reading);
    const time = readTime(stated, unit, options);
    if (Number.isFinite(time)) return time;
    addProblem(state, path.text, stated, timeWords(unit));
    return undefined;
  }
  if (!message.retained || options.retained === 'current') return message.receivedAt;
  counters.undated++;
  return undefined;
}

function valuesOf(state: DocumentState, reading: unknown): readonly NamedValue[] {
  const { values, channel } = state.mapping;
  if (values.kind === 'several') {
    const found = values.paths.map(
      ([name, path]) => [name, at(path, state, reading), path.text] as const,
    );
    // Senders of changes leave out what has not changed.
    const given = found.filter(([, value]) => value !== undefined);
    if (given.length === 0) {
      addProblem(state, 'values', 'none', `one at least of ${found.map((each) => each[2])}`);
    }
    return given;
  }
  if (values.kind === 'object') {
    const object = at(values.path, state, reading);
    if (typeof object === 'object' && object !== null && !Array.isArray(object)) {
      const { text } = values.path;
      return Object.entries(object).map(([name, value]) => [name, value, `${text}.${name}`]);
    }
    addProblem(state, values.path.text, object, 'an object of numbers by channel');
    return [];
  }
  // Without `values` there is always a channel.
  const name = nameOf(channel as NameSource, 'a channel', state, reading);
  if (name === undefined) return [];
  if (values.kind === 'text') return [[name, state.document, 'payload']];
  return [[name, at(values.path, state, reading), values.path.text]];
}

function takeValue(
  [name, value, field]: NamedValue,
  asset: string,
  time: number,
  state: DocumentState,
): void {
  const { options, samples, counters, message } = state;
  const rule = ruleOf(options.channels, name);
  if (rule === undefined && options.listedOnly) counters.unlistedValues++;
  else if (value === null) counters.nullValues++;
  else if (rule === undefined && !isChannelName(name)) {
    addProblem(state, 'channel', name, `${CHANNEL_WORDS}, or an entry in 'channels'`);
  } else {
    const { channel, scale, offset, unit } = rule ?? { channel: name, scale: 1, offset: 0 };
    const number = readNumber(value, options) * scale + offset;
    if (!Number.isFinite(number)) addProblem(state, field, value, numberWords(options));
    else {
      const sample: { -readonly [K in keyof Sample]: Sample[K] } = {
        asset,
        channel,
        time,
        value: number,
      };
      if (unit !== undefined) sample.unit = unit;
      if (message.retained && state.mapping.time !== undefined) sample.historical = true;
      counters.samples++;
      samples.push(sample);
    }
  }
}

function readReading(reading: unknown, state: DocumentState): void {
  const values = valuesOf(state, reading);
  if (values.length > MAX_READINGS) {
    addProblem(state, 'values', values.length, `at most ${MAX_READINGS} values of a reading`);
    return;
  }
  if (values.every(([, value]) => value === null)) {
    state.counters.nullValues += values.length;
    return;
  }
  const asset = assetOf(state, reading);
  const time = asset === undefined ? undefined : timeOf(state, reading);
  if (asset === undefined || time === undefined) return;
  for (const value of values) takeValue(value, asset, time, state);
}

/** Adds the samples of a message to `state`. */
export function readDocument(state: DocumentState): void {
  const { each } = state.mapping;
  if (each === undefined) {
    readReading(state.document, state);
    return;
  }
  const readings = readEvery(each, state.document, MAX_READINGS);
  if (readings === undefined) {
    addProblem(state, each.text, undefined, 'a list where the path has [*]');
    return;
  }
  if (readings.length > MAX_READINGS) {
    addProblem(state, each.text, 'more', `at most ${MAX_READINGS} readings`);
    return;
  }
  for (const reading of readings) {
    readReading(reading, state);
    if (state.samples.length <= MAX_SAMPLES) continue;
    state.samples.length = 0;
    addProblem(state, each.text, 'more', `at most ${MAX_SAMPLES} samples of a message`);
    return;
  }
}
