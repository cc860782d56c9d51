// Refusals of models and bundles that are not here.
import { EdgeError } from '../problem/edge-error.ts';

/** A refusal for a bundle the model does not have, with the field that named it. */
export function bundleUnknown(model: string, sha256: string, field = 'bundle'): EdgeError {
  return new EdgeError('bundle-unknown', `Model '${model}' has no such bundle`, {
    field,
    value: sha256,
    allowed: 'the SHA-256 of an uploaded bundle of the model',
  });
}

/** A refusal for a model nobody has uploaded a bundle of. */
export function modelUnknown(model: string): EdgeError {
  return new EdgeError('model-unknown', `There is no model '${model}'`, {
    field: 'model',
    value: model,
    allowed: 'a model that has a bundle',
  });
}
