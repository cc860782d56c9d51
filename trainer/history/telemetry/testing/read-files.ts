// Telemetry of a project whose files a test writes.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type * as z from 'zod';
import { collectIssues } from '../../../data/issues.ts';
import { projectSchema } from '../../project/schema.ts';
import { readTelemetry } from '../read-telemetry.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes files into a folder that is removed when the current test ends. */
export async function writeFiles(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-telemetry-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

type Input = z.input<typeof projectSchema>;

export interface ReadFilesOptions {
  /** One kind of export, or all of them. */
  readonly source?: Partial<Input['telemetry'][number]> | Input['telemetry'];
  readonly project?: Partial<Input>;
}

export async function readFolder(folder: string, options: ReadFilesOptions = {}) {
  const { source = {}, project = {} } = options;
  const telemetry = Array.isArray(source) ? source : [{ files: '*.csv', ...source }];
  const parsed = projectSchema.parse({ model: 'line', telemetry, ...project });
  const issues = collectIssues();
  const read = await readTelemetry({ project: parsed, folder, issues });
  return {
    ...read,
    /** Readings as `run/asset/channel` → [time, value][]. */
    readings: Object.fromEntries(
      read.telemetry.series.map(({ run, asset, channel, times, values }) => {
        const { runs, assets, channels } = read.telemetry;
        const key = [runs[run].name, assets[asset], channels[channel].name].join('/');
        return [key, [...times].map((time, at) => [time, values[at]])];
      }),
    ),
    issues: issues.issues.map(({ field, value, allowed }) => ({ field, value, allowed })),
    codes: issues.issues.map(({ code }) => code),
  };
}

export async function readFiles(files: Files, options: ReadFilesOptions = {}) {
  return readFolder(await writeFiles(files), options);
}
