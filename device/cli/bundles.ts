// `dandan-gateway bundles`: what is in the store, and what each bundle is there for.

import type { StoredBundle } from '../models/bundle-store/index.ts';
import { type ModelReport, openUpdater } from '../models/update/index.ts';
import { EXIT, type Streams } from './output.ts';
import { partsFor, readUpdateSettings } from './update-settings.ts';

export interface BundlesOptions {
  readonly config: string;
  readonly json: boolean;
}

/** What a model has to do with a bundle. */
function roles(sha256: string, reports: readonly ModelReport[]): string[] {
  return reports.flatMap(({ model, channel, phase, running, lastGood, target, failure }) => {
    const name = `${model}/${channel}`;
    return [
      ...(running?.bundle === sha256 ? [`${name} runs it (release ${running.release})`] : []),
      ...(lastGood?.bundle === sha256 ? [`${name} goes back to it`] : []),
      ...(target?.bundle === sha256 ? [`${name} takes it up: ${phase}`] : []),
      ...(failure?.bundle === sha256 ? [`${name} gave it up: ${failure.reason}`] : []),
    ];
  });
}

const describe = ({ sha256, bytes, complete }: StoredBundle, use: readonly string[]) =>
  `${sha256.slice(0, 12)}  ${bytes} bytes${complete ? '' : ' so far'}  ${use.join('; ') || 'not needed'}\n`;

/** @returns the exit code. @throws {InputError} */
export async function bundles({ config, json }: BundlesOptions, streams: Streams): Promise<number> {
  const settings = await readUpdateSettings(config);
  const { parts } = partsFor(settings, streams);
  const { models } = settings;
  const updater = await openUpdater({ models, parts, readOnly: true, checkIntervalMs: 0 });
  const reports = updater.report();
  const stored = await parts.store.list().catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const listed = stored.map((each) => ({ ...each, use: roles(each.sha256, reports) }));
  for (const { use, ...bundle } of listed) streams.out(describe(bundle, use));
  if (listed.length === 0) streams.out('There are no bundles yet.\n');
  if (json) streams.out(`${JSON.stringify({ bundles: listed, models: reports })}\n`);
  return EXIT.ok;
}
