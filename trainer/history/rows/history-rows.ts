// History as feature rows, built by the very assembler that the gateway runs.
import { setImmediate } from 'node:timers/promises';
import { createRowAssembler, type FeatureRow, type TelemetrySpec } from '@dandan/shared/features';
import { mergeSeries } from '@dandan/shared/telemetry-table';
import type { Series, Telemetry } from '../telemetry.ts';

/** The row of one asset and window, and the run it lies in. */
export interface HistoryRow extends FeatureRow {
  /** Position in the telemetry's `runs`. */
  readonly run: number;
}

export interface HistoryRowsOptions {
  readonly telemetry: Telemetry;
  readonly spec: TelemetrySpec;
  /** Share of the readings that have been taken, 0..1. */
  onProgress?(share: number): void;
  readonly signal?: AbortSignal | undefined;
}

/** Readings between two looks at the signal: a tenth of a second's work. */
const READINGS_A_TURN = 100_000;

function seriesByRun({ runs, series }: Telemetry): Series[][] {
  const byRun: Series[][] = runs.map(() => []);
  for (const each of series) byRun[each.run].push(each);
  return byRun;
}

/**
 * Rows by run, and within a run in the order in which a gateway would complete them. Runs do not
 * touch: the windows of each begin anew. Channels outside the spec are left out.
 *
 * @throws the signal's reason when aborted.
 */
export async function historyRows(options: HistoryRowsOptions): Promise<HistoryRow[]> {
  const { telemetry, spec, onProgress, signal } = options;
  const { assets, channels, series } = telemetry;
  const total = series.reduce((sum, { times }) => sum + times.length, 0);
  const rows: HistoryRow[] = [];
  let taken = 0;
  for (const [run, own] of seriesByRun(telemetry).entries()) {
    const assembler = createRowAssembler(spec);
    const add = (built: readonly FeatureRow[]) => {
      for (const row of built) rows.push({ ...row, run });
    };
    let latest = Number.NEGATIVE_INFINITY;
    for (const { series: each, at } of mergeSeries(own)) {
      if (taken++ % READINGS_A_TURN === 0) {
        signal?.throwIfAborted();
        onProgress?.(taken / total);
        await setImmediate();
      }
      latest = each.times[at];
      add(
        assembler.push({
          asset: assets[each.asset],
          channel: channels[each.channel].name,
          time: latest,
          value: each.values[at],
        }),
      );
    }
    add(assembler.flush(latest));
  }
  return rows;
}
