// Gateways as the edge's tests see them: a name, a key, a heartbeat.
import { isCanary } from '@dandan/shared/release';
import { expect } from 'vitest';
import { call } from './edge-client.ts';

export interface TestGateway {
  readonly device: string;
  readonly key: string;
}

/** A key of scope device under a name of its own. */
export async function createGateway(device: string): Promise<TestGateway> {
  const json = { name: device, scope: 'device', device };
  const response = await call('POST /v1/keys', { json });
  expect(response.status).toBe(201);
  const { key } = await response.json<{ key: string }>();
  return { device, key };
}

export interface Report {
  readonly model: string;
  readonly channel?: string;
  readonly release: number;
  readonly bundle: string;
  readonly state?: 'running' | 'failed';
  readonly reason?: string;
  readonly rows?: number;
  readonly errors?: number;
}

export interface HeartbeatAnswer {
  readonly time: string;
  readonly channels: readonly {
    readonly model: string;
    readonly channel: string;
    readonly release: number;
    readonly bundle: string;
  }[];
}

/** Sends a heartbeat of one model and gives the answer. */
export async function heartbeat({ key }: TestGateway, report: Report): Promise<HeartbeatAnswer> {
  const model = { channel: 'stable', state: 'running', rows: 0, errors: 0, ...report };
  const json = { software: 'test 1', models: [model] };
  const response = await call('POST /v1/heartbeats', { key, json });
  expect(response.status).toBe(200);
  return response.json();
}

/** Names of gateways that are in and out of a canary of `percent`. */
export function drawGateways(
  release: { readonly model: string; readonly channel: string; readonly release: number },
  percent: number,
  count: number,
): { readonly inside: readonly string[]; readonly outside: readonly string[] } {
  const names = Array.from({ length: 1000 }, (_, i) => `${release.model}-gateway-${i}`);
  const isInside = (name: string) => isCanary(name, release, percent);
  return {
    inside: names.filter(isInside).slice(0, count),
    outside: names.filter((name) => !isInside(name)).slice(0, count),
  };
}
