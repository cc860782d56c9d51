// `dandan-gateway simulate`: telemetry of a plant onto a broker, with faults where they are asked for.
import { readFile } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import type { Protocol } from '../mqtt/index.ts';
import { type Shape, type SimulationResult, simulate } from '../simulate/index.ts';
import { EXIT, type Streams } from './output.ts';
import { type FaultFlags, parseFaults, parseNumber } from './simulate-faults.ts';
import { createProgressLine } from './simulate-progress.ts';
import { openSource, parsePace, parseStart, type SourceFlags } from './simulate-source.ts';

/** What a shell expects of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

export interface SimulateFlags extends FaultFlags, SourceFlags {
  readonly broker: string;
  readonly username?: string;
  readonly passwordEnv?: string;
  readonly passwordFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly protocol: Protocol | 'auto';
  readonly qos: '0' | '1';
  readonly site: string;
  readonly gateway: string;
  readonly shape: Shape;
  readonly speed: string;
  readonly rate?: string;
  readonly start: string;
  readonly loop: boolean;
  readonly seed: string;
  readonly truth?: string;
  readonly json: boolean;
}

async function readPassword({ passwordEnv, passwordFile }: SimulateFlags) {
  if (passwordEnv !== undefined) return process.env[passwordEnv];
  if (passwordFile === undefined) return undefined;
  return (await readFile(passwordFile, 'utf8').catch(() => undefined))?.trim();
}

/** The password is named by its place, never given: process lists are public. */
async function connectionOf(flags: SimulateFlags) {
  const { broker, username, passwordEnv, passwordFile, caFile, certFile, keyFile } = flags;
  if (!/^mqtts?:\/\/[^@]+$/.test(broker) || !URL.canParse(broker)) {
    throw new InputError('option-invalid', '--broker is no URL of a broker', {
      field: '--broker',
      allowed: 'mqtt:// or mqtts://, without credentials',
    });
  }
  const password = await readPassword(flags);
  const named = passwordEnv ?? passwordFile;
  if (named !== undefined && !password) {
    throw new InputError('option-invalid', `There is no password in ${named}`, {
      field: passwordEnv === undefined ? '--password-file' : '--password-env',
      value: named,
      allowed: 'a place that holds the password',
    });
  }
  const clientId = `dandan-simulate-${process.pid}`;
  const tls = { caFile, certFile, keyFile };
  return { url: broker, clientId, username, password, tls, sessionSeconds: 0 };
}

function summary(result: SimulationResult): string {
  const { samples, messages, seconds, samplesPerSecond, acknowledged, refused, resent } = result;
  const injected = Object.entries(result.injected).map(([fault, count]) => `${fault} ${count}`);
  const lines = [
    `${samples} samples in ${messages} messages, ${seconds.toFixed(1)} s, ${Math.round(samplesPerSecond)} samples/s`,
    `acknowledged ${acknowledged}, refused ${refused}, sent again ${resent}`,
    `injected ${injected.length === 0 ? 'nothing' : injected.join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** @returns the exit code: 130 where Ctrl-C ended what had an end. @throws {InputError} */
export async function simulateCommand(flags: SimulateFlags, streams: Streams): Promise<number> {
  const { protocol, site, gateway, shape, loop, seed, truth, json } = flags;
  const stop = new AbortController();
  const progress = createProgressLine({ write: streams.err });
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    stop.abort();
  };
  const source = await openSource(flags);
  const connection = await connectionOf(flags);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const result = await simulate({
      source,
      connection,
      protocol,
      qos: flags.qos === '0' ? 0 : 1,
      site,
      gateway,
      shape,
      faults: parseFaults(flags),
      seed: parseNumber('--seed', seed),
      pace: parsePace(flags),
      startTime: parseStart(flags.start),
      rounds: loop ? Number.POSITIVE_INFINITY : 1,
      truthFile: truth,
      onProgress: progress.show,
      signal: stop.signal,
    });
    progress.end();
    streams.out(summary(result));
    if (json) streams.out(`${JSON.stringify(result)}\n`);
    // A loop has no end of its own: to stop it is to use it as meant.
    return result.complete || loop ? EXIT.ok : INTERRUPTED;
  } finally {
    progress.end();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
