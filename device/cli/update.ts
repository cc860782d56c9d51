// `dandan-gateway update`: asks the edge for a newer bundle now. Where the gateway runs, it does the
// rest; else the bundle is fetched and verified here, and tried at the gateway's next start.
import { InputError } from '@dandan/shared/error';
import { lockStore } from '../models/bundle-store/index.ts';
import {
  type CheckResult,
  type ModelReport,
  openUpdater,
  type Updater,
  type UpdateSettings,
} from '../models/update/index.ts';
import { askGateway } from './ask-gateway.ts';
import { EXIT, type Streams } from './output.ts';
import { partsFor, readUpdateSettings } from './update-settings.ts';

/** A download tells how far it is this often. */
const PROGRESS_MS = 2000;

export interface UpdateOptions {
  readonly config: string;
  /** All models of the configuration where it is not given. */
  readonly model?: string | undefined;
  /** Only tells what would be taken up. */
  readonly checkOnly?: boolean;
  readonly json: boolean;
}

/** The models that are meant. @throws {InputError} `option-invalid`. */
export function chosenModels({ models }: UpdateSettings, model: string | undefined) {
  const chosen = models.filter((each) => model === undefined || each.model === model);
  if (chosen.length > 0) return chosen;
  throw new InputError('option-invalid', 'The configuration has no such model from the edge', {
    field: '--model',
    value: model,
    allowed: models.map((each) => each.model).join(', ') || 'a model in `models`',
  });
}

export const describeResult = ({ model, channel, kind, release, bundle, reason }: CheckResult) =>
  `${model}/${channel}: ${kind === 'offered' ? `release ${release}, bundle ${bundle?.slice(0, 12)}` : `${kind}: ${reason}`}\n`;

function describeReport({ model, channel, phase, target, failure, problem }: ModelReport): string {
  const what = `${model}/${channel}: `;
  if (problem !== null) return `${what}stopped in ${phase}: ${problem}\n`;
  if (phase === 'canary') {
    return `${what}bundle ${target?.bundle.slice(0, 12)} is here and verified; the gateway tries it when it runs\n`;
  }
  if (phase === 'commit')
    return `${what}the bundle is here and verified; the gateway serves it when it runs\n`;
  if (failure !== null)
    return `${what}release ${failure.release} was given up: ${failure.reason}\n`;
  return `${what}nothing to do\n`;
}

async function fetchHere(updater: Updater, { err }: Streams): Promise<readonly CheckResult[]> {
  const timer = setInterval(() => {
    for (const { model, progress } of updater.report()) {
      if (progress) err(`${model}: ${progress.received} of ${progress.wanted ?? '?'} bytes\n`);
    }
  }, PROGRESS_MS);
  try {
    const results = await updater.check();
    await updater.settled();
    return results;
  } finally {
    clearInterval(timer);
  }
}

/** @returns the exit code: 1 where the edge was not heard or was refused. @throws {InputError} */
export async function update(options: UpdateOptions, streams: Streams): Promise<number> {
  const { config, model, checkOnly = false, json } = options;
  const settings = await readUpdateSettings(config);
  const models = chosenModels(settings, model);
  const { parts, requests } = partsFor(settings, streams);
  const open = (readOnly: boolean) => openUpdater({ models, parts, readOnly, checkIntervalMs: 0 });
  let results: readonly CheckResult[];
  let reports: readonly ModelReport[] = [];
  if (checkOnly) {
    results = await (await open(true)).look();
  } else {
    using lock = lockStore(settings.parts.folder);
    if (lock === undefined) {
      results = (await askGateway(requests, { kind: 'check', model })) as CheckResult[];
      streams.out('The running gateway was told; it goes on with what the edge says.\n');
    } else {
      const updater = await open(false);
      results = await fetchHere(updater, streams);
      reports = updater.report();
      await updater.stop();
    }
  }
  for (const result of results) streams.out(describeResult(result));
  for (const report of reports) streams.out(describeReport(report));
  if (json) streams.out(`${JSON.stringify({ results, models: reports })}\n`);
  const heard = results.every(({ kind }) => kind === 'offered');
  const sound = reports.every(({ failure, problem }) => failure === null && problem === null);
  return heard && sound ? EXIT.ok : EXIT.failure;
}
