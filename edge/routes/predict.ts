// Predictions for callers with float rows, or with codes of a bundle they name.
import { InputError } from '@dandan/shared/error';
import {
  MAX_BODY_BYTES,
  MAX_ROWS_PER_REQUEST,
  type PredictOptions,
  predictOptionsSchema,
  SAFETENSORS_MEDIA_TYPE,
} from '@dandan/shared/wire';
import { requireKey } from '../auth/require-key.ts';
import type { Caller } from '../auth/scope.ts';
import { besideOf } from '../cache/beside.ts';
import type { Beside } from '../cache/brief-cache.ts';
import { deviceOf } from '../devices/device-store.ts';
import type { Bindings } from '../env.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { readBoundedBody } from '../http/read-bounded-body.ts';
import { sealedJson } from '../http/sealed-headers.ts';
import { answerRows } from '../inference/answer-rows.ts';
import { decodeBinaryRows, quantiseRows } from '../inference/binary-rows.ts';
import type { InferenceParts } from '../inference/inference-parts.ts';
import { readJsonBody, readJsonRows } from '../inference/json-rows.ts';
import { findRelease, loadCascade, namedBundle } from '../inference/load-cascade.ts';
import type { AnsweredRows } from '../metrics/observation.ts';
import { requestTarget } from '../metrics/request-target.ts';
import { PREDICT_REQUEST_REF } from '../openapi/document.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { modelParams, predictQuery, predictResponse } from '../openapi/schemas.ts';
import { checked } from '../problem/checked.ts';
import { servedBundle } from '../registry/release.ts';

const PREDICT_TYPES = ['application/json', SAFETENSORS_MEDIA_TYPE] as const;

export const predict = {
  method: 'post',
  path: '/v1/models/{model}/predict',
  summary: 'Classify rows',
  description: [
    `Takes 1..${MAX_ROWS_PER_REQUEST} rows in at most ${MAX_BODY_BYTES} bytes and answers in row order.`,
    'With `content-encoding: gzip` the body may be compressed; the limit is that of the unpacked body.',
    'JSON: `rows` is an array of arrays of numbers; a sparse model also takes `{indices, values}` with',
    'strictly ascending indices. Safetensors: tensor `x` F32 [n, d], or quantised rows (`codes` U8, for',
    'sparse models with `offsets`, `indices` I32 and metadata `width`), which mean something only for the',
    'bundle that quantised them, so `bundle` must be given, as an option or as metadata.',
    'Options may be query parameters; a field of a JSON body wins over the parameter.',
    'Each row stops at the first stage that is confident enough under the policy, or where `maxMacs` or',
    '`deadlineMs` are spent; every row has an answer. With `exit` batch all rows stop together.',
    'Without `policy`, or with `auto`, the policy document of the model decides (`day` where it has none);',
    '`decided` in the answer says why. Its caps of load and cost hold for named policies, too.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: {
    params: modelParams,
    query: predictQuery,
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: PREDICT_REQUEST_REF } },
        [SAFETENSORS_MEDIA_TYPE]: binaryBody,
      },
    },
  },
  responses: {
    200: {
      description: 'One answer per row',
      content: { 'application/json': { schema: predictResponse } },
    },
    ...guardedProblems(400, 404, 413, 415, 422),
  },
} as const satisfies Route;

interface Target extends InferenceParts {
  readonly env: Bindings;
  readonly model: string;
  readonly caller: Caller;
  readonly observe: (run: AnsweredRows) => void;
  readonly beside: Beside | undefined;
}

/** The cascade that options ask for, where both it and what its channel means are kept. */
function keptCascade(target: Target, { bundle, channel }: PredictOptions) {
  const { env, cache, releases, model, caller, beside } = target;
  const named = { env, model, channel };
  const release =
    bundle === undefined ? releases.kept(named, () => findRelease(named), beside) : undefined;
  const sha256 = bundle ?? (release && servedBundle(release, deviceOf(caller)));
  const cascade = sha256 === undefined ? undefined : cache.get(sha256);
  if (sha256 === undefined || cascade?.manifest.model !== model) return undefined;
  return { sha256, cascade };
}

async function loadedCascade(target: Target, options: PredictOptions) {
  const sha256 = await namedBundle(target, options);
  return { sha256, cascade: await loadCascade({ ...target, sha256 }) };
}

/** What runs, and how far: the bundle, and the policy asked for or decided on. */
async function openCascade(target: Target, options: PredictOptions) {
  const opened = keptCascade(target, options) ?? (await loadedCascade(target, options));
  const { env, model, policies } = target;
  return { ...opened, ...(await policies.decide({ env, model, policy: options.policy })) };
}

/** What a request without options means, as most are. */
const DEFAULTS: PredictOptions = Object.freeze(predictOptionsSchema.parse({}));

function optionsOf(given: object): PredictOptions {
  return Object.keys(given).length === 0 ? DEFAULTS : checked(predictOptionsSchema, given);
}

async function predictJson(target: Target, bytes: Uint8Array, query: object) {
  const { rows, ...fields } = readJsonBody(bytes);
  const options = optionsOf({ ...query, ...fields });
  const opened = await openCascade(target, options);
  const { observe } = target;
  return answerRows({ ...options, ...opened, rows: readJsonRows(rows, opened.cascade), observe });
}

async function predictBinary(target: Target, bytes: Uint8Array, query: { bundle?: unknown }) {
  const decoded = decodeBinaryRows(bytes);
  const named = decoded.kind === 'quantised' ? decoded.metadata.bundle : undefined;
  const options = optionsOf({ ...(named !== undefined && { bundle: named }), ...query });
  if (decoded.kind === 'quantised' && (named ?? options.bundle) !== options.bundle) {
    throw new InputError('option-invalid', 'The rows were quantised for another bundle', {
      field: 'bundle',
      value: options.bundle,
      allowed: named,
    });
  }
  if (decoded.kind === 'quantised' && options.bundle === undefined) {
    throw new InputError('option-invalid', 'Quantised rows need the bundle that quantised them', {
      field: 'bundle',
      allowed: 'the SHA-256 of a bundle, as query parameter or metadata',
    });
  }
  const opened = await openCascade(target, options);
  const { observe } = target;
  const quantised = quantiseRows(decoded, opened.cascade);
  return answerRows({ ...options, ...opened, rows: quantised, observe });
}

export function addPredictRoute(app: EdgeApp, parts: InferenceParts): void {
  const { recorder, policies } = parts;
  app.add(predict, async (c, valid) => {
    const { model } = valid.params;
    const query = valid.query;
    const type = mediaTypeOf(c.req.raw, PREDICT_TYPES);
    const bytes = await readBoundedBody(c.req.raw, MAX_BODY_BYTES);
    const run = type === 'application/json' ? predictJson : predictBinary;
    const target: Target = {
      ...parts,
      env: c.env,
      model,
      caller: c.get('caller'),
      observe: (answered) => recorder.record(requestTarget(c, 'predict'), answered),
      beside: besideOf(c),
    };
    const response = await run(target, bytes, query);
    policies.answered(model, response.answers);
    return sealedJson(response);
  });
}
