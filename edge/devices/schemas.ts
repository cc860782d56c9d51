// What the routes of devices give.
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';

const time = z.iso.datetime();

export const deviceListSchema = named(
  'DeviceList',
  z.object({
    devices: z.array(
      z.object({
        id: z.string(),
        enrolled: time,
        software: z.string().nullable(),
        lastSeen: described('Its newest heartbeat', time.nullable()),
        removed: time.nullable(),
        models: z.array(
          z.object({
            model: z.string(),
            channel: z.string(),
            release: z.int().min(1),
            bundle: z.string(),
            state: z.enum(['running', 'failed']),
            reason: z.string(),
            rows: z.int().min(0),
            errors: z.int().min(0),
            lastSeen: time,
          }),
        ),
      }),
    ),
  }),
);
