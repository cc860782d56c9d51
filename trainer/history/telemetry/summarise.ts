// What a check tells of telemetry: each channel and each run in figures.
import type { TablesRead } from '@dandan/shared/telemetry-table';
import { summariseChannel } from './channel-summary.ts';
import { summariseRuns } from './run-summary.ts';
import type { TelemetrySummary } from './summary.ts';

export function summarise(
  read: TablesRead,
  listed: readonly { readonly name: string }[] | undefined,
): TelemetrySummary {
  const { telemetry, files } = read;
  const names = new Set(listed?.map(({ name }) => name));
  return {
    files,
    channels: telemetry.channels.map((_, at) => summariseChannel(read, at)),
    runs: summariseRuns(telemetry),
    unlisted:
      listed === undefined
        ? []
        : telemetry.channels.map(({ name }) => name).filter((name) => !names.has(name)),
  };
}
