// The texts of a mapping, parsed and checked against each other when the configuration is read.
import { InputError } from '@dandan/shared/error';
import { JSON_PATH_WORDS, type JsonPath, parseJsonPath } from '../json-path/index.ts';
import { type NameTemplate, parseNameTemplate } from '../naming/index.ts';
import { parseTopicTemplate, TOPIC_WORDS, type TopicTemplate } from '../topic-template/index.ts';
import type { MappingOptions, TimeUnit } from './mapping-options.ts';

/** A name from the topic, or from the payload. */
export type NameSource =
  | { readonly kind: 'template'; readonly template: NameTemplate }
  | { readonly kind: 'path'; readonly path: JsonPath };

export type ValueSource =
  | { readonly kind: 'text' }
  | { readonly kind: 'one'; readonly path: JsonPath }
  | { readonly kind: 'several'; readonly paths: readonly (readonly [string, JsonPath])[] }
  | { readonly kind: 'object'; readonly path: JsonPath };

export interface Mapping {
  readonly topic: TopicTemplate;
  readonly asset: NameSource;
  /** `undefined`: the values have names of their own. */
  readonly channel: NameSource | undefined;
  readonly each: JsonPath | undefined;
  readonly values: ValueSource;
  readonly time: { readonly path: JsonPath; readonly unit: TimeUnit } | undefined;
}

function refuse(field: string, value: string | undefined, allowed: string): never {
  throw new InputError('config-invalid', `The mapping's ${field} is not usable`, {
    field,
    value,
    allowed,
  });
}

function parsePath(field: string, text: string, inEach: boolean): JsonPath {
  const path = parseJsonPath(text);
  if (path === undefined) return refuse(field, text, JSON_PATH_WORDS);
  if (path.steps.includes(null)) refuse(field, text, `a path without [*], which 'each' takes`);
  if (path.root === '@' && !inEach)
    refuse(field, text, `a path that begins with $; @ needs 'each'`);
  return path;
}

function parseEach(text: string): JsonPath {
  const path = parseJsonPath(text);
  const allowed = 'a path with [*] that begins with $, as $.readings[*]';
  if (path === undefined || path.root !== '$' || !path.steps.includes(null)) {
    return refuse('each', text, allowed);
  }
  return path;
}

function parseName(
  field: string,
  text: string,
  { parts }: TopicTemplate,
  inEach: boolean,
): NameSource {
  if (/^[$@]/.test(text)) return { kind: 'path', path: parsePath(field, text, inEach) };
  const template = parseNameTemplate(text, parts);
  if (typeof template !== 'string') return { kind: 'template', template };
  return refuse(field, text, `${template}; or a path like $.${field}`);
}

function parseValues({ value, values }: MappingOptions, inEach: boolean): ValueSource {
  if (value !== undefined) return { kind: 'one', path: parsePath('value', value, inEach) };
  if (values === undefined) return { kind: 'text' };
  if (typeof values === 'string') {
    return { kind: 'object', path: parsePath('values', values, inEach) };
  }
  const paths = Object.entries(values).map(
    ([name, text]) => [name, parsePath(`values.${name}`, text, inEach)] as const,
  );
  return { kind: 'several', paths };
}

/**
 * Parses the texts of a mapping.
 *
 * @throws {InputError} `config-invalid`, naming the field as it stands in the configuration.
 */
export function parseMapping(options: MappingOptions): Mapping {
  const { topic: topicText, each: eachText, value, values, time } = options;
  const topic = parseTopicTemplate(topicText) ?? refuse('topic', topicText, TOPIC_WORDS);
  if (value !== undefined && values !== undefined) refuse('values', undefined, 'value or values');
  if (options.asset === undefined && !topic.parts.includes('asset')) {
    refuse('topic', topicText, `a level {asset}, or 'asset' beside it`);
  }
  const each = eachText === undefined ? undefined : parseEach(eachText);
  const inEach = each !== undefined;
  const source = parseValues(options, inEach);
  const asset = parseName('asset', options.asset ?? '{asset}', topic, inEach);
  if (values !== undefined && options.channel !== undefined) {
    refuse('channel', options.channel, `none beside 'values', which has the names`);
  }
  if (values === undefined && options.channel === undefined && !topic.parts.includes('channel')) {
    refuse('topic', topicText, `a level {channel}, or 'channel' or 'values' beside it`);
  }
  const channel =
    values === undefined
      ? parseName('channel', options.channel ?? '{channel}', topic, inEach)
      : undefined;
  const needsJson = [each, time, asset.kind === 'path', channel?.kind === 'path'].some(Boolean);
  if (source.kind === 'text' && needsJson) {
    refuse('value', undefined, `a path like $.value, since other paths say that payloads are JSON`);
  }
  return {
    topic,
    asset,
    channel,
    each,
    values: source,
    time:
      time === undefined
        ? undefined
        : { path: parsePath('time.path', time.path, inEach), unit: time.unit },
  };
}
