// What the commands for updates need of a configuration: the edge and its key, the models, the store.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { parse } from 'yaml';
import * as z from 'zod';
import { modelsSchema, updatesSchema } from '../config/sections/models.ts';
import { createLogger } from '../log/index.ts';
import { type ModelUpdateConfig, type OpenPartsOptions, openParts } from '../update/index.ts';
import type { Streams } from './output.ts';

/** Other sections are looked at by `check` and `run`. */
const settingsSchema = z.object({
  edge: z.object({
    url: z.url({ protocol: /^https?$/ }),
    keyEnv: z.string().optional(),
    keyFile: z.string().optional(),
  }),
  /** Folder of everything that the gateway writes. */
  data: z.string().min(1).max(4096).default('.'),
  models: modelsSchema,
  updates: updatesSchema.prefault({}),
  policy: z.enum(['day', 'night']).catch('day'),
});

export interface UpdateSettings {
  /** Of those from the edge. */
  readonly models: readonly ModelUpdateConfig[];
  readonly checkIntervalMs: number;
  readonly keyFile: string | undefined;
  readonly key: string;
  readonly parts: Omit<OpenPartsOptions, 'log'>;
}

function invalid(field: string, allowed: string, cause?: unknown): InputError {
  const message = `${field} of the configuration is not usable`;
  return new InputError('config-invalid', message, { field, allowed, cause });
}

async function readSections(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid('--config', 'a readable file; start from gateway.example.yaml', cause);
  });
  let json: unknown;
  try {
    json = parse(text);
  } catch (cause) {
    throw invalid('--config', 'a YAML document', cause);
  }
  const result = settingsSchema.safeParse(json);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw invalid(path.join('.') || '--config', message);
}

async function readKey(
  { keyEnv, keyFile }: { keyEnv?: string | undefined; keyFile: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const missing = (cause?: unknown) =>
    invalid('edge', 'a keyEnv or keyFile that holds a key', cause);
  const key =
    keyEnv === undefined
      ? await readFile(keyFile ?? '', 'utf8').catch((cause: unknown) => {
          throw missing(cause);
        })
      : (environment[keyEnv] ?? '');
  if (key.trim() === '') throw missing();
  return key.trim();
}

/** Paths start at the folder of the configuration. @throws {InputError} `config-invalid`. */
export async function readUpdateSettings(
  file: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<UpdateSettings> {
  const { edge, data, models, updates, policy } = await readSections(file);
  const absolute = (path: string | undefined) =>
    path === undefined ? undefined : resolve(dirname(file), path);
  const keyFile = absolute(edge.keyFile);
  const beside = (ending: string) => (keyFile === undefined ? undefined : `${keyFile}.${ending}`);
  const key = await readKey({ keyEnv: edge.keyEnv, keyFile }, environment);
  return {
    key,
    models: models.flatMap((each) =>
      'file' in each ? [] : [{ ...each, policy, criteria: each.canary }],
    ),
    checkIntervalMs: updates.checkIntervalMs,
    keyFile,
    parts: {
      folder: absolute(updates.folder) ?? resolve(dirname(file), data, 'bundles'),
      edge: { url: edge.url, key },
      trust: {
        file: absolute(updates.signingKeysFile) ?? beside('signing-keys.json'),
        publicKeys: updates.signingKeys,
      },
      marksFile: absolute(updates.highestFile) ?? beside('highest-releases.json'),
      maxBytes: updates.maxBytes,
      bytesPerSecond: updates.bytesPerSecond,
    },
  };
}

/** The parts of an updater that writes its log where commands do. */
export function partsFor(settings: UpdateSettings, { err }: Streams) {
  const log = createLogger({ level: 'warn', write: (line) => err(`${line}\n`) });
  return openParts({ ...settings.parts, log });
}
