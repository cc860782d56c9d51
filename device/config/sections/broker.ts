// A broker: where it is, as whom the gateway comes, what it keeps for the gateway.
import * as z from 'zod';
import { environmentName, path, url } from './fields.ts';

/** MQTT 5 has 32 bits; 0xFFFFFFFF means for ever. */
const MAX_SESSION_SECONDS = 0xffffffff;

/** The gateway remembers twice as many, to know what is sent again. */
const MAX_UNACKNOWLEDGED = 2000;

const brokerUrl = url(['mqtt:', 'mqtts:']);

export const brokerSection = z
  .strictObject({
    /** One, or several that share their sessions, tried in turn. */
    url: z.union([brokerUrl, z.array(brokerUrl).min(1).max(8)]),
    username: z.string().min(1).max(256).optional(),
    passwordEnv: environmentName.optional(),
    passwordFile: path.optional(),
    /** YAML reads a bare 5 as a number. */
    protocol: z
      .preprocess(
        (value) => (typeof value === 'number' ? String(value) : value),
        z.enum(['auto', '5', '3.1.1']),
      )
      .default('auto'),
    /** PEM files, read anew for every connection. */
    tls: z
      .strictObject({
        /** Of a certificate authority of your own. */
        caFile: path.optional(),
        /** The gateway's certificate and private key, where the broker asks for them. */
        certFile: path.optional(),
        keyFile: path.optional(),
      })
      .refine(
        ({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined),
        'both of certFile and keyFile, or none',
      )
      .optional(),
    /** How long the broker keeps telemetry for a gateway that is away. An hour. */
    sessionSeconds: z.int().min(0).max(MAX_SESSION_SECONDS).default(3600),
    /** Messages the broker may send before the first is on the gateway's disk (MQTT 5). */
    receiveMaximum: z.int().min(1).max(MAX_UNACKNOWLEDGED).default(MAX_UNACKNOWLEDGED),
  })
  .refine(
    ({ passwordEnv, passwordFile }) => passwordEnv === undefined || passwordFile === undefined,
    'at most one of passwordEnv and passwordFile',
  );

/** The broker that hears the predictions. */
export const homeBrokerSection = brokerSection.safeExtend({
  /** The gateway is called offline once it has been away for so long (MQTT 5). */
  willDelaySeconds: z.int().min(0).max(86_400).default(10),
});

export type BrokerConfig = z.infer<typeof brokerSection>;
