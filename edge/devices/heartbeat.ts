// The heartbeat of a gateway, as the OpenAPI document names it.
import * as wire from '@dandan/shared/wire';
import { named } from '../openapi/documented.ts';

export const heartbeatSchema = named('Heartbeat', wire.heartbeatSchema);
export const heartbeatAnswerSchema = named('HeartbeatAnswer', wire.heartbeatAnswerSchema);
