// What the edge's tests share: the real Worker, a migrated database, keys and requests.
import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import type { TestBundle } from '@dandan/shared/testing';
import { PROBLEM_MEDIA_TYPE, type Problem, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { expect } from 'vitest';
import type { Scope } from '../auth/scope.ts';
import type { Bindings } from '../env.ts';

declare global {
  namespace Cloudflare {
    interface Env extends Bindings {
      readonly TEST_MIGRATIONS: D1Migration[];
    }
    interface GlobalProps {
      mainModule: typeof import('../worker.ts');
    }
  }
}

/** As vitest.config.ts sets it. */
export const OPERATOR_KEY = 'test-operator-key';

export interface CallOptions {
  /** `null` sends no key. @default {OPERATOR_KEY} */
  readonly key?: string | null;
  readonly json?: unknown;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Applies the migrations to this test file's own database. */
export function migrate(): Promise<void> {
  return applyD1Migrations(env.REGISTRY, env.TEST_MIGRATIONS);
}

/** Sends `METHOD /path` to the Worker. */
export function call(target: string, options: CallOptions = {}): Promise<Response> {
  const [method, path] = target.split(' ', 2);
  const { key = OPERATOR_KEY, json } = options;
  const headers = new Headers(options.headers);
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  if (json !== undefined && !headers.has('content-type')) {
    headers.set('content-type', 'application/json');
  }
  const body = json === undefined ? options.body : JSON.stringify(json);
  return exports.default.fetch(
    new Request(`https://edge.test${path}`, {
      method,
      headers,
      ...(body !== undefined && { body }),
    }),
  );
}

/** Makes a key and returns its secret and id. */
export async function createKey(scope: Scope): Promise<{ key: string; id: string }> {
  const response = await call('POST /v1/keys', { json: { name: `${scope} of a test`, scope } });
  expect(response.status).toBe(201);
  return response.json();
}

export function bundlePath({ bundle, sha256 }: Pick<TestBundle, 'bundle' | 'sha256'>): string {
  return `/v1/models/${bundle.manifest.model}/bundles/${sha256}`;
}

/** Options of a call with a safetensors body. */
export function safetensors(body: BodyInit, options: CallOptions = {}): CallOptions {
  return {
    ...options,
    body,
    headers: { 'content-type': SAFETENSORS_MEDIA_TYPE, ...options.headers },
  };
}

/** Asserts that an answer is a problem of this status and code, and returns it. */
export async function expectProblem(
  response: Response,
  status: number,
  code: string,
): Promise<Problem> {
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status });
  expect(response.headers.get('content-type')).toBe(PROBLEM_MEDIA_TYPE);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({ status, code, type: `urn:dandan:problem:${code}` });
  expect(problem.detail.length).toBeGreaterThan(0);
  return problem;
}

/** Everything the edge keeps, for proving that a refused request kept nothing. */
export async function storedCounts(): Promise<Record<string, number>> {
  const count = async (table: string) =>
    (await env.REGISTRY.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>('n')) ?? 0;
  return {
    bundles: await count('bundles'),
    releases: await count('releases'),
    keys: await count('keys'),
    policies: await count('policies'),
    audited: await count('audit_log'),
    objects: (await env.BUNDLES.list()).objects.length,
    jobs: await count('jobs'),
    schedules: await count('job_schedules'),
    files: (await env.BATCH.list()).objects.length,
  };
}
