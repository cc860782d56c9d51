// What a retraining starts from: the bundle in use and the labelled cases, from files or from an edge.
import { join } from 'node:path';
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import * as z from 'zod';
import { createEdgeClient, type EdgeClient, refusalCode } from '../../edge-client/edge-client.ts';
import { channelPath } from '../../release/sign-release.ts';
import type { BundleFile } from '../../retrain/measure-contenders.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { readKey } from '../operator-key.ts';
import { readBundleFile } from '../read-bundle-file.ts';
import type { RetrainFlags } from './retrain-flags.ts';

const channelSchema = z.object({ state: z.string(), serve: z.string().regex(/^[0-9a-f]{64}$/) });

/** @throws {InputError} `option-invalid`. */
export function edgeOf(flags: RetrainFlags, signal: AbortSignal): EdgeClient | undefined {
  const { edge, release, champion, model } = flags;
  if (edge !== undefined) {
    if (champion === undefined && model === undefined) {
      refuse('--model', 'the name of the model at the edge, or --champion FILE');
    }
    return createEdgeClient({ edge, key: readKey(flags.keyEnv), signal });
  }
  if (release) refuse('--edge', 'the edge to release a challenger at');
  if (champion === undefined) refuse('--champion', 'a bundle, or --edge URL --model NAME');
  return undefined;
}

function refuse(field: string, allowed: string): never {
  throw new InputError('option-invalid', 'An option is missing', { field, allowed });
}

async function openBundle(bytes: Uint8Array<ArrayBuffer>): Promise<BundleFile> {
  return { bytes, bundle: await readBundle(bytes), sha256: await sha256Hex(bytes) };
}

interface Channel {
  readonly state: string;
  readonly serve: string;
}

/** `undefined` before the first release. @throws {InputError} as the client does. */
export async function readChannel(
  client: EdgeClient,
  model: string,
  channel: string,
): Promise<Channel | undefined> {
  try {
    return channelSchema.parse(await client.call('GET', channelPath(model, channel)));
  } catch (error) {
    if (refusalCode(error) === 'channel-unknown') return undefined;
    throw error;
  }
}

/**
 * The bundle in use. What the edge says of it is checked against its hash.
 *
 * @throws {InputError} `data-missing`, `bundle-*`; `edge-refused` for other bytes than were named.
 */
export async function openChampion(
  { champion, model = '', channel }: RetrainFlags,
  client: EdgeClient | undefined,
): Promise<BundleFile> {
  if (champion !== undefined) return openBundle(await readBundleFile(champion));
  const current = client && (await readChannel(client, model, channel));
  if (client === undefined || current === undefined) {
    return refuse('--champion', 'a bundle: the channel has no release yet');
  }
  const path = `/v1/models/${model}/bundles/${current.serve}`;
  const opened = await openBundle(await client.download(path, SAFETENSORS_MEDIA_TYPE));
  if (opened.sha256 === current.serve) return opened;
  throw new InputError('edge-refused', 'The edge sent another bundle than it names', {
    field: '--edge',
    value: opened.sha256,
    allowed: current.serve,
  });
}

/**
 * Where the labelled cases lie; those of the edge are fetched to the folder of the run. Where bundles
 * of the model read different features, those of the champion count.
 *
 * @returns `undefined` where there are none.
 */
export async function fetchHardCases(
  { hardCases, out }: RetrainFlags,
  { bundle, sha256 }: BundleFile,
  client: EdgeClient | undefined,
): Promise<string | undefined> {
  if (hardCases !== undefined || client === undefined) return hardCases;
  const { model } = bundle.manifest;
  const fetchCases = (of: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams({ model, format: 'csv', state: 'labelled', ...of });
    return client.download(`/v1/hard-cases/export?${query}`, 'text/csv');
  };
  const bytes = await fetchCases({}).catch((error: unknown) => {
    if (refusalCode(error) !== 'option-invalid') throw error;
    return fetchCases({ bundle: sha256 });
  });
  const lines = bytes.reduce((count, byte) => count + Number(byte === 10), 0);
  // The header alone: nobody has labelled anything yet.
  if (lines < 2) return undefined;
  const path = join(out, 'hard-cases.csv');
  await writeFileAtomic(path, bytes);
  return path;
}
