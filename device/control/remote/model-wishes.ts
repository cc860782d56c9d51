// Wishes about models, as the updater can fulfil them, and what the updater says of them.
import type { ModelRequest } from '@dandan/shared/wire';
import type { ModelReport, Updater } from '../../models/update/index.ts';
import type { ModelFacts } from './report.ts';

export interface FollowedModel {
  readonly model: string;
  /** Absent: the model comes from a file. */
  readonly channel?: string | undefined;
}

/** Why a wish is not for this gateway, whose own file says which models it has and where from. */
export function refuseModel(
  models: readonly FollowedModel[],
  name: string,
  { channel }: ModelRequest,
): string | undefined {
  const own = models.find(({ model }) => model === name);
  if (own === undefined) {
    const names = models.map(({ model }) => model).join(', ');
    return `there is no model '${name}'; allowed: ${names}`;
  }
  if (own.channel === undefined) return `'${name}' comes from a file, as configured`;
  if (channel === undefined || channel === own.channel) return undefined;
  return `channel is '${channel}'; allowed: '${own.channel}', as configured`;
}

/**
 * Asks the edge for what is wanted. A wish that is withdrawn needs nothing: the channel goes on.
 *
 * @throws {Error} saying what the edge gives instead, or why it gives nothing.
 */
export async function requestModel(
  updater: Pick<Updater, 'request'>,
  model: string,
  wish: ModelRequest | undefined,
): Promise<void> {
  if (wish === undefined) return;
  const { channel, release, bundle } = wish;
  const [result] = await updater.request({ model, channel, release });
  if (result === undefined) throw new Error(`no channel of '${model}' is followed`);
  const { kind, reason = kind } = result;
  if (kind !== 'offered') throw new Error(`the edge: ${reason}; asked again with every check`);
  if (release !== undefined && result.release !== release) {
    throw new Error(`the channel has release ${result.release}, not ${release}`);
  }
  if (bundle !== undefined && result.bundle !== bundle) {
    throw new Error(`the channel has bundle ${result.bundle}`);
  }
}

/** What is reported of a model that is kept up to date. */
export function modelFacts(report: ModelReport, stages: number): ModelFacts {
  const { model, channel, running, phase, target, failure, problem } = report;
  return {
    model,
    channel,
    ...(running !== null && { bundle: running.bundle, release: running.release }),
    stages,
    update: {
      state: phase === 'init' && failure !== null ? 'failed' : phase,
      ...(target !== null && { bundle: target.bundle }),
      reason: problem ?? failure?.reason ?? '',
    },
  };
}
