// The routes as types: what a call takes and gives is read off the same data that is served.
import type { explainRequestSchema, predictRequestSchema } from '@dandan/shared/wire';
import type { z } from 'zod';
import type { showAudit } from '../routes/audit.ts';
import type { auditSample } from '../routes/audit-samples.ts';
import type { downloadBundle } from '../routes/bundle-download.ts';
import type { showManifest } from '../routes/bundle-manifest.ts';
import type { removeBundle } from '../routes/bundle-removal.ts';
import type { uploadBundle } from '../routes/bundle-upload.ts';
import type { listReleases, publishRelease, showChannel } from '../routes/channels.ts';
import type { dashboard, dashboardScript, dashboardStyle } from '../routes/dashboard.ts';
import type { listDevices, removeDevice, sendHeartbeat } from '../routes/devices.ts';
import type {
  cancelEnrolment,
  createEnrolment,
  enrol,
  listEnrolments,
} from '../routes/enrolments.ts';
import type { escalate } from '../routes/escalations.ts';
import type { explain } from '../routes/explain.ts';
import type { listExplanations, showExplanation } from '../routes/explanations.ts';
import type { reportGateway } from '../routes/gateway-metrics.ts';
import type {
  exportHardCases,
  labelHardCase,
  listHardCases,
  showHardCase,
} from '../routes/hard-cases.ts';
import type { deleteInput, downloadResult, listInputs, uploadInput } from '../routes/job-files.ts';
import type { deleteSchedule, listSchedules, putSchedule } from '../routes/job-schedules.ts';
import type { cancelJob, listJobs, resumeJob, showJob, startJob } from '../routes/jobs.ts';
import type { createKey, listKeys, revokeKey, rotateKey } from '../routes/keys.ts';
import type { scrapeMetrics, showCallers, showMetrics } from '../routes/metrics.ts';
import type { listModels, showModel } from '../routes/models.ts';
import type { listPolicies, putPolicy, showPolicy } from '../routes/policies.ts';
import type { dryRunPolicy, showDecision } from '../routes/policy-decisions.ts';
import type { predict } from '../routes/predict.ts';
import type { changeRollout } from '../routes/rollouts.ts';
import type { showHealth, showOpenapi, showService } from '../routes/service.ts';
import type { closeSession, openSession, showSession } from '../routes/session.ts';
import type { addSigningKey, listSigningKeys, revokeSigningKey } from '../routes/signing-keys.ts';

export type EdgeRoute =
  | typeof showService
  | typeof showHealth
  | typeof dashboard
  | typeof dashboardScript
  | typeof dashboardStyle
  | typeof openSession
  | typeof showSession
  | typeof closeSession
  | typeof showOpenapi
  | typeof listModels
  | typeof showModel
  | typeof uploadBundle
  | typeof downloadBundle
  | typeof showManifest
  | typeof publishRelease
  | typeof showChannel
  | typeof predict
  | typeof explain
  | typeof escalate
  | typeof listPolicies
  | typeof showPolicy
  | typeof putPolicy
  | typeof showDecision
  | typeof dryRunPolicy
  | typeof startJob
  | typeof listJobs
  | typeof showJob
  | typeof cancelJob
  | typeof resumeJob
  | typeof downloadResult
  | typeof uploadInput
  | typeof listInputs
  | typeof deleteInput
  | typeof listSchedules
  | typeof putSchedule
  | typeof deleteSchedule
  | typeof createKey
  | typeof listKeys
  | typeof showAudit
  | typeof revokeKey
  | typeof rotateKey
  | typeof removeBundle
  | typeof listReleases
  | typeof changeRollout
  | typeof addSigningKey
  | typeof listSigningKeys
  | typeof revokeSigningKey
  | typeof createEnrolment
  | typeof listEnrolments
  | typeof cancelEnrolment
  | typeof enrol
  | typeof sendHeartbeat
  | typeof listDevices
  | typeof removeDevice
  | typeof auditSample
  | typeof reportGateway
  | typeof scrapeMetrics
  | typeof listExplanations
  | typeof showExplanation
  | typeof listHardCases
  | typeof showHardCase
  | typeof labelHardCase
  | typeof exportHardCases
  | typeof showMetrics
  | typeof showCallers;

export type Method = EdgeRoute['method'];
export type PathOf<M extends Method> = Extract<EdgeRoute, { readonly method: M }>['path'];
export type RouteOf<M extends Method, P extends string> = Extract<
  EdgeRoute,
  { readonly method: M; readonly path: P }
>;

type RequestOf<R> = R extends { readonly request: infer Q } ? Q : object;

type Part<Q, K extends string> =
  Q extends Readonly<Record<K, infer S extends z.ZodType>> ? z.input<S> : never;

/** Bodies with rows are documented by reference, as rows are checked by hand. */
interface BodyByReference {
  readonly '#/components/schemas/PredictRequest': typeof predictRequestSchema;
  readonly '#/components/schemas/ExplainRequest': typeof explainRequestSchema;
}

/** The JSON a body may be. */
type JsonBody<R> =
  RequestOf<R> extends {
    readonly body: {
      readonly content: { readonly 'application/json': { readonly schema: infer S } };
    };
  }
    ? S extends z.ZodType
      ? z.input<S>
      : z.input<
          BodyByReference[S extends { readonly $ref: keyof BodyByReference } ? S['$ref'] : never]
        >
    : never;

type TakesBytes<R> =
  RequestOf<R> extends { readonly body: { readonly content: infer C } }
    ? Exclude<keyof C, 'application/json'> extends never
      ? false
      : true
    : false;

type Field<K extends string, T> = [T] extends [never]
  ? unknown
  : object extends T
    ? { readonly [k in K]?: T }
    : { readonly [k in K]: T };

type Body<R> = [JsonBody<R>] extends [never]
  ? TakesBytes<R> extends true
    ? { readonly bytes: Uint8Array<ArrayBuffer> }
    : unknown
  : TakesBytes<R> extends true
    ? { readonly json: JsonBody<R> } | { readonly bytes: Uint8Array<ArrayBuffer> }
    : { readonly json: JsonBody<R> };

/** What a call sends: path parameters, query, headers, and `json` or `bytes`. */
export type CallOf<R> = Field<'params', Part<RequestOf<R>, 'params'>> &
  Field<'query', Part<RequestOf<R>, 'query'>> &
  Field<'headers', Part<RequestOf<R>, 'headers'>> &
  Body<R>;

type JsonOf<R, S extends number> = R extends {
  readonly responses: Readonly<
    Record<
      S,
      {
        readonly content: {
          readonly 'application/json': { readonly schema: infer Z extends z.ZodType };
        };
      }
    >
  >;
}
  ? z.output<Z>
  : never;

/** What a successful call gives: the JSON of its 200 or 201, else the answer itself. */
export type AnswerOf<R> = [JsonOf<R, 200> | JsonOf<R, 201>] extends [never]
  ? Response
  : JsonOf<R, 200> | JsonOf<R, 201>;
