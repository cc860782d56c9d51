// Policy documents: what is in force when, written by operators as versions.
import { requireKey } from '../auth/require-key.ts';
import type { Bindings } from '../env.ts';
import { limitPolicy } from '../http/limit-json.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import type { PolicyDecider } from '../policies/decider.ts';
import { ALL_MODELS, createPolicyStore, MAX_LISTED_POLICIES } from '../policies/policy-store.ts';
import {
  documentSchema,
  policyListSchema,
  policyParams,
  preconditionHeaders,
  storedPolicySchema,
  versionQuery,
} from '../policies/schemas.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { modelUnknown } from '../registry/unknown.ts';

const PATH = '/v1/policies/{model}';
const storedJson = { 'application/json': { schema: storedPolicySchema } };
const etagHeader = {
  etag: { schema: { type: 'string' }, description: 'The version, quoted' },
} as const;

export const listPolicies = {
  method: 'get',
  path: '/v1/policies',
  summary: 'List models with a policy document',
  description: `Current versions by model, \`${ALL_MODELS}\` for all models without their own; at most ${MAX_LISTED_POLICIES}.`,
  security: keySecurity,
  middleware: [requireKey('predict')],
  responses: {
    200: {
      description: 'Current versions',
      content: { 'application/json': { schema: policyListSchema } },
    },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const showPolicy = {
  method: 'get',
  path: PATH,
  summary: 'Show the policy document of a model',
  description:
    'The current version, or the one that `version` names. The `etag` is for `if-match`.',
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: policyParams, query: versionQuery },
  responses: {
    200: { description: 'The document', headers: etagHeader, content: storedJson },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export const putPolicy = {
  method: 'put',
  path: PATH,
  summary: 'Put a policy document in force',
  description: [
    `Adds a version for a model that has a bundle, or with \`${ALL_MODELS}\` for all models without a document`,
    'of their own; going back is a new version, too. The document that is in force already adds none.',
    'With `if-match` it is refused where somebody else has written meanwhile. Every isolate goes by it',
    'within five seconds. Try it first with `dry-run`. Needs scope operator.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('operator'), limitPolicy],
  request: {
    params: policyParams,
    headers: preconditionHeaders,
    body: { required: true, content: { 'application/json': { schema: documentSchema } } },
  },
  responses: {
    200: { description: 'In force already', headers: etagHeader, content: storedJson },
    201: { description: 'The new version', headers: etagHeader, content: storedJson },
    ...guardedProblems(400, 404, 412, 413, 415, 422),
  },
} as const satisfies Route;

export function documentUnknown(model: string, version?: number): EdgeError {
  const what = version === undefined ? 'no policy document' : `no version ${version}`;
  return new EdgeError('document-unknown', `'${model}' has ${what}`, {
    field: version === undefined ? 'model' : 'version',
    value: version ?? model,
    allowed: 'what GET /v1/policies lists, and versions from 1 to the current one',
  });
}

/** @throws {EdgeError} `model-unknown`. */
export async function checkModel(env: Bindings, model: string): Promise<void> {
  if (model === ALL_MODELS) return;
  const store = createBundleStore({ database: env.REGISTRY, bucket: env.BUNDLES });
  if ((await store.list(model)).length === 0) throw modelUnknown(model);
}

/** The version that a write expects to replace; 0: none. */
function expectedVersion(headers: {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: '*' | undefined;
}): number | undefined {
  const match = headers['if-match'];
  if (match !== undefined) return Number(match.slice(1, -1));
  return headers['if-none-match'] === undefined ? undefined : 0;
}

export function addPolicyRoutes(app: EdgeApp, policies: PolicyDecider): void {
  app.add(listPolicies, async (c) =>
    c.json({ policies: await createPolicyStore(c.env.REGISTRY).list() }, 200),
  );
  app.add(showPolicy, async (c, valid) => {
    const { model } = valid.params;
    const { version } = valid.query;
    const found = await createPolicyStore(c.env.REGISTRY).find(model, version);
    if (found === undefined) throw documentUnknown(model, version);
    return c.json(found, 200, { etag: `"${found.version}"` });
  });
  app.add(putPolicy, async (c, valid) => {
    const { model } = valid.params;
    await checkModel(c.env, model);
    const store = createPolicyStore(c.env.REGISTRY);
    const expected = expectedVersion(valid.headers);
    const put = await store.put({ model, document: valid.json, expected }, c.get('caller'));
    if (put === undefined) {
      const current = await store.find(model);
      throw new EdgeError(
        'version-conflict',
        `Somebody else has written the policy of '${model}'`,
        {
          field: expected === 0 ? 'if-none-match' : 'if-match',
          value: expected === 0 ? '*' : `"${expected}"`,
          allowed: current
            ? `the current version, "${current.version}", once you have looked at it`
            : 'nothing, or if-none-match: *, as there is no document yet',
        },
      );
    }
    policies.forget();
    const { added, policy } = put;
    return c.json(policy, added ? 201 : 200, { etag: `"${policy.version}"` });
  });
}
