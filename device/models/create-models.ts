// The models of a gateway: from files, once and for all, and from the edge, kept up to date.

import { InputError } from '@dandan/shared/error';
import type { GatewayConfig, Secrets } from '../config/index.ts';
import { type FollowedModel, type ModelFacts, modelFacts } from '../control/remote/index.ts';
import type { Logger } from '../log/index.ts';
import { lockStore } from './bundle-store/index.ts';
import { type LocalModel, loadModel } from './cascade/index.ts';
import type { Line, LineSet } from './line/index.ts';
import { createModelHost, type TriedHost } from './trial/index.ts';
import {
  type ModelReport,
  openParts,
  openUpdater,
  type Updater,
  updateSettingsOf,
} from './update/index.ts';

export interface ModelsOptions {
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
  readonly lines: LineSet;
  readonly mayChange: () => boolean;
  readonly onChange: (reports: readonly ModelReport[]) => void;
  readonly log: Logger;
}

export interface Models {
  readonly hosts: readonly TriedHost[];
  readonly updater: Updater;
  followed(): readonly FollowedModel[];
  facts(): readonly ModelFacts[];
  /** Rows that a line has answered as the one that is served. */
  answered(line: Line, figures: { readonly rows: number; readonly errors: number }): void;
  stop(): Promise<void>;
}

/**
 * Loads what is in files and serves what ran before; it waits for no network.
 *
 * @throws {InputError} `bundle-*`, `data-missing`, or `config-invalid`.
 */
export async function createModels(options: ModelsOptions): Promise<Models> {
  const { config, secrets, lines, mayChange, onChange, log } = options;
  const { models: fromEdge, checkIntervalMs, parts: places } = updateSettingsOf(config, secrets);
  const fromFiles: LocalModel[] = [];
  const hosts = new Map<string, TriedHost>();
  for (const each of config.models) {
    const slot = lines.add(each.assets);
    if ('file' in each) {
      const model = await loadModel(each);
      fromFiles.push(model);
      slot.serve(model);
    } else {
      hosts.set(`${each.model}/${each.channel}`, { ...createModelHost(slot), mayChange });
    }
  }
  const lock = fromEdge.length === 0 ? undefined : lockStore(places.folder);
  if (fromEdge.length > 0 && lock === undefined) {
    throw new InputError('config-invalid', `Another process uses the bundles in ${places.folder}`, {
      field: 'data',
      value: places.folder,
      allowed: 'a folder that no other gateway uses',
    });
  }
  const { parts, requests } = openParts({ ...places, log });
  const updater = await openUpdater({
    models: fromEdge,
    parts,
    host: ({ model, channel }) => hosts.get(`${model}/${channel}`) as TriedHost,
    checkIntervalMs,
    requests,
    readOnly: fromEdge.length === 0,
    onChange,
  });
  if (fromEdge.length > 0) await updater.start();

  return {
    hosts: [...hosts.values()],
    updater,
    followed: () => [...fromEdge, ...fromFiles.map(({ name }) => ({ model: name }))],
    facts: () => [
      ...updater.report().map((report) => {
        const line = lines.served().find(({ model }) => model.sha256 === report.running?.bundle);
        return modelFacts(report, line?.model.stages ?? 0);
      }),
      ...fromFiles.map(({ name, sha256, stages }) => ({
        model: name,
        bundle: sha256,
        stages,
        update: { state: 'init' as const, reason: 'from a file, as configured' },
      })),
    ],
    answered({ model: { name, sha256 } }, figures) {
      for (const { model, channel } of fromEdge) {
        if (model === name) updater.answered(model, channel, { bundle: sha256, ...figures });
      }
    },
    async stop() {
      await updater.stop();
      lock?.[Symbol.dispose]();
    },
  };
}
