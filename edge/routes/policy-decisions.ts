// What a policy document decides at a time, and what a draft would have decided on a day's traffic.
import { ceilingMacs, decide, nextChange, wallClock } from '@dandan/shared/policy';
import { requireKey } from '../auth/require-key.ts';
import { limitPolicy } from '../http/limit-json.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import type { PolicyDecider } from '../policies/decider.ts';
import { runDry } from '../policies/run-dry.ts';
import {
  decisionQuery,
  decisionSchema,
  documentSchema,
  dryRunQuery,
  dryRunSchema,
  policyParams,
} from '../policies/schemas.ts';
import { checkModel, documentUnknown } from './policies.ts';

export const showDecision = {
  method: 'get',
  path: '/v1/policies/{model}/decision',
  summary: 'Show what holds at a time, and why',
  description: [
    'By the document in force for the model: its own, or that of all models. `load` and `spent` are those',
    'that the answering isolate knows, unless they are given; other isolates may see other loads.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: policyParams, query: decisionQuery },
  responses: {
    200: {
      description: 'The decision for requests that leave the policy open',
      content: { 'application/json': { schema: decisionSchema } },
    },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export const dryRunPolicy = {
  method: 'post',
  path: '/v1/policies/{model}/dry-run',
  summary: 'Tell what a draft would have changed',
  description: [
    'Plays a local day of traffic, yesterday by default, hour by hour under the draft: policies, stages,',
    'multiply-accumulates, cost and expected agreement as they were and as they would have been. Stages are',
    'as counted where the thresholds are those that held and nodes go no deeper than they went, else',
    'estimated from the manifest; `estimated` counts those nodes. Writes nothing. Needs scope operator.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('operator'), limitPolicy],
  request: {
    params: policyParams,
    query: dryRunQuery,
    body: { required: true, content: { 'application/json': { schema: documentSchema } } },
  },
  responses: {
    200: {
      description: 'The day as it was and as it would have been',
      content: { 'application/json': { schema: dryRunSchema } },
    },
    ...guardedProblems(400, 404, 413, 415, 422),
  },
} as const satisfies Route;

export function addPolicyDecisionRoutes(app: EdgeApp, policies: PolicyDecider): void {
  app.add(showDecision, async (c, valid) => {
    const { model } = valid.params;
    const { query } = valid;
    await checkModel(c.env, model);
    const standing = await policies.standing(c.env, model);
    if (standing === undefined) throw documentUnknown(model);
    const { document, model: owner, version, created } = standing.stored;
    const { cost } = document;
    const ceiling = cost && ceilingMacs(cost);
    const isNow = query.at === undefined;
    const at = query.at === undefined ? Date.now() : Date.parse(query.at);
    const load = query.load ?? (isNow ? standing.load : 0);
    const known = isNow && ceiling !== undefined ? standing.spentMacs / ceiling : 0;
    const spent = query.spent ?? known;
    const decision = decide({
      document,
      at,
      load,
      loadStep: isNow && query.load === undefined ? standing.loadStep : 0,
      spentMacs: ceiling === undefined ? 0 : spent * ceiling,
    });
    const change = nextChange(document, at);
    return c.json(
      {
        model,
        document: { model: owner, version, created },
        at: new Date(at).toISOString(),
        local: `${wallClock(document.timeZone, at)} ${document.timeZone}`,
        policy: decision.policy,
        maxStage: decision.maxStage ?? null,
        reasons: decision.reasons.map(({ code, text }) => ({ code, text })),
        nextChange: change === undefined ? null : new Date(change).toISOString(),
        load: document.load === undefined ? null : (load ?? null),
        spent: ceiling === undefined ? null : spent,
      },
      200,
      { 'cache-control': 'no-store' },
    );
  });
  app.add(dryRunPolicy, async (c, valid) => {
    const { model } = valid.params;
    await checkModel(c.env, model);
    const { date } = valid.query;
    const result = await runDry({ env: c.env, model, document: valid.json, date, now: Date.now() });
    return c.json(result, 200, { 'cache-control': 'no-store' });
  });
}
