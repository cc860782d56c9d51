// Telemetry of any topic and JSON as a source of samples. It remembers nothing.
import type { InputError } from '@dandan/shared/error';
import { type MappingOptions, parseMapping } from '../mapping-rules/index.ts';
import type { Reading, Source, SourceMessage } from '../source.ts';
import { matchTopic } from '../topic-template/index.ts';
import type { MappingCounters } from './counters.ts';
import { MAX_PAYLOAD_BYTES } from './limits.ts';
import { addProblem, type DocumentState, readDocument } from './read-document.ts';
import { numberWords, readText } from './read-number.ts';

/** One for all messages: a gateway reads thousands a second. */
const decoder = new TextDecoder();

/** Enough to recognise a payload by. */
const SHOWN_CHARACTERS = 64;

export interface MappingSource extends Source {
  counters(): MappingCounters;
}

/**
 * A source of the messages that `options.topic` fits.
 *
 * @throws {InputError} `config-invalid`, naming the field.
 */
export function createMappingSource(options: MappingOptions): MappingSource {
  const mapping = parseMapping(options);
  const counters: MappingCounters = { samples: 0, nullValues: 0, unlistedValues: 0, undated: 0 };

  /** The payload; `undefined`, and a problem, where it is none that the mapping reads. */
  function parse(state: Pick<DocumentState, 'problems' | 'message'>): unknown {
    const { payload } = state.message;
    if (payload.byteLength > MAX_PAYLOAD_BYTES) {
      const value = `${payload.byteLength} bytes`;
      addProblem(state, 'payload', value, `at most ${MAX_PAYLOAD_BYTES} bytes`);
      return undefined;
    }
    const text = decoder.decode(payload);
    if (mapping.values.kind === 'text') {
      const value = readText(text, options);
      if (!Number.isNaN(value)) return value;
      addProblem(state, 'payload', text.slice(0, SHOWN_CHARACTERS), numberWords(options));
      return undefined;
    }
    try {
      return JSON.parse(text);
    } catch {
      addProblem(state, 'payload', text.slice(0, SHOWN_CHARACTERS), 'a JSON document');
      return undefined;
    }
  }

  function read(message: SourceMessage): Reading {
    const problems: InputError[] = [];
    const parts = matchTopic(mapping.topic, message.topic);
    const document = parts === undefined ? undefined : parse({ problems, message });
    if (parts === undefined || document === undefined) {
      return { samples: [], commands: [], problems };
    }
    const state = { options, mapping, message, parts, document, samples: [], problems, counters };
    readDocument(state);
    return { samples: state.samples, commands: [], problems };
  }

  return {
    filters: [mapping.topic.filter],
    matches: (topic) => matchTopic(mapping.topic, topic) !== undefined,
    read,
    snapshot: () => undefined,
    counters: () => ({ ...counters }),
  };
}
