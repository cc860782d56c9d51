// The report of a run that lies in a folder, for the command `report` and for `train` itself.
import { join } from 'node:path';
import type { LoadedData } from '../data/load-data.ts';
import { readRun } from '../report/run/read-run.ts';
import type { Language } from '../report/run/say.ts';
import { writeRunReport } from '../report/run/write-run-report.ts';
import { openRunData } from './open-run-data.ts';

/** Name of the page in the folder of a run. */
export const REPORT_FILE = 'report.html';

export interface ReportRunOptions {
  /** Folder that train wrote. */
  readonly run: string;
  /** @default {where train read it} */
  readonly data?: string | undefined;
  /** That data, where it has just been read. @default {read again} */
  readonly loaded?: LoadedData | undefined;
  /** @default {report.html in the folder of the run} */
  readonly out?: string | undefined;
  readonly language?: Language | undefined;
  readonly normal?: string | undefined;
  readonly licence?: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws {InputError} what `readRun`, `openRunData` and `writeRunReport` throw. */
export async function reportRun(options: ReportRunOptions) {
  const { run, out = join(run, REPORT_FILE), loaded, signal, ...words } = options;
  const files = await readRun(run);
  const { bundle, answers } = files;
  const place = options.data ?? answers.origin.data;
  const data = await openRunData({ bundle, data: place, loaded, signal });
  const facts = await writeRunReport({ ...words, files, data, out });
  return { facts, out };
}
