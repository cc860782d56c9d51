// Telemetry on the gateway's own topics: a number, {t, v} or {t, values}.
import { InputError } from '@dandan/shared/error';
import { parseTelemetry, type Topics } from '@dandan/shared/wire';
import type { Reading, Source } from '../source.ts';

function unreadable(problem: InputError): Reading {
  return { samples: [], commands: [], problems: [problem] };
}

/** The source of `dandan/{site}/{gateway}/telemetry/#`. */
export function createDandanSource(topics: Topics): Source {
  const prefix = topics.telemetryFilter.slice(0, -1);
  return {
    filters: [topics.telemetryFilter],
    matches: (topic) => topic.startsWith(prefix),
    read({ topic, payload, receivedAt }) {
      const parsed = topics.parseTelemetry(topic);
      if (parsed === undefined) {
        return unreadable(
          new InputError('topic-invalid', 'Not a telemetry topic', {
            field: 'topic',
            value: topic.slice(0, 200),
            allowed: 'telemetry/{asset} or telemetry/{asset}/{channel}',
          }),
        );
      }
      try {
        const samples = parseTelemetry({ ...parsed, payload, receivedAt });
        return { samples, commands: [], problems: [] };
      } catch (error) {
        if (error instanceof InputError) return unreadable(error);
        throw error;
      }
    },
    snapshot: () => undefined,
  };
}
