// The OpenAPI 3.1 document, generated from the routes as they are served.
import { predictRequestSchema } from '@dandan/shared/wire';
import type { EdgeApp } from '../env.ts';
import { toJsonSchema } from './documented.ts';

/** Component of the JSON prediction body, which the handler checks by hand (see json-rows.ts). */
export const PREDICT_REQUEST_REF = '#/components/schemas/PredictRequest';

const INFO = {
  title: 'Dandan edge',
  version: '1',
  description:
    'Registry of ProGMLP bundles and inference on them. Errors are RFC 9457 problems with a stable `code`.',
  license: { name: 'MIT', identifier: 'MIT' },
};

/** Registers the components that no route carries itself. */
export function addComponents(app: EdgeApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of scope predict, device or operator; each holds the scopes before it.',
  });
  app.openAPIRegistry.registerComponent(
    'schemas',
    'PredictRequest',
    toJsonSchema(predictRequestSchema, 'input'),
  );
}

/** The document of every route added to `app` so far. */
export function createDocument(app: EdgeApp) {
  return app.getOpenAPI31Document({ openapi: '3.1.0', info: INFO, servers: [{ url: '/' }] });
}
