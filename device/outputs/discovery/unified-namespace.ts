// Predictions in a plant's unified namespace: topics by the levels of ISA-95, small JSON on them.
import { InputError } from '@dandan/shared/error';
import type { Prediction } from '@dandan/shared/wire';
import { createAssetFilter } from '../../models/line/index.ts';
import type { OutputMessage } from './message.ts';

/** MQTT allows 65,535 bytes; brokers and historians begin to refuse far below. */
const MAX_TOPIC = 256;

/** Assets whose topics are remembered. */
const MAX_KNOWN = 10_000;

/** First levels whose readers would take these messages for something else. */
const RESERVED = ['dandan', 'homeassistant', 'spBv1.0', '$SYS', '$share'];

export interface NamespaceAsset {
  /** Name with * of the assets that the levels are of. */
  readonly assets: string;
  readonly levels: Readonly<Record<string, string>>;
}

export interface NamespaceOptions {
  /** E.g. `{enterprise}/{site}/{area}/{line}/{asset}/prediction`; `{model}` and `{gateway}` may stand, too. */
  readonly topic: string;
  readonly site: string;
  readonly gateway: string;
  /** Levels of all assets, by name. */
  readonly levels: Readonly<Record<string, string>>;
  /** Levels of some; the first that fits goes before `levels`. */
  readonly assets: readonly NamespaceAsset[];
  readonly retain: boolean;
}

const PLACEHOLDER = /\{([a-zA-Z]+)\}/g;
/** Filled in by the prediction. */
const OWN = ['asset', 'model'];

function refuse(field: string, value: string, allowed: string): never {
  throw new InputError('config-invalid', `${field} is not usable`, { field, value, allowed });
}

function checkLevel(field: string, text: string): void {
  if (/[+#\p{Cc}]/u.test(text)) refuse(field, text, 'no +, # or control characters');
}

/** Refuses topics of which it is known that an asset would have no place, or a wrong one. */
function check({ topic, site, gateway, levels, assets }: NamespaceOptions): void {
  checkLevel('outputs.namespace.topic', topic);
  const names = [...topic.matchAll(PLACEHOLDER)].map(([, name]) => name);
  if (!names.includes('asset')) refuse('outputs.namespace.topic', topic, 'a topic with {asset}');
  if (/[{}]/.test(topic.replaceAll(PLACEHOLDER, ''))) {
    refuse('outputs.namespace.topic', topic, 'levels in braces by name, e.g. {area}');
  }
  const all = [{ assets: '*', levels }, ...assets];
  for (const { assets: pattern, levels: own } of all) {
    for (const [name, level] of Object.entries(own)) {
      const field = `outputs.namespace.levels.${name}`;
      if (OWN.includes(name)) refuse(field, level, `another name than ${OWN.join(', ')}`);
      checkLevel(field, level);
      if (level.includes('/')) refuse(field, level, 'one level, without /');
    }
    const known = { site, gateway, ...levels, ...own };
    for (const name of names) {
      if (name in known || OWN.includes(name)) continue;
      // A name that only some assets have: those without would have no topic.
      if (pattern === '*' && assets.some((each) => each.assets === '*' && name in each.levels))
        continue;
      refuse(
        'outputs.namespace.topic',
        `{${name}}`,
        `a level named in levels: ${Object.keys(known).join(', ')}`,
      );
    }
  }
}

/** Small JSON for historians and dashboards: what, how sure, when. */
const payloadOf = ({ t, label, confidence, model, degraded }: Prediction) =>
  JSON.stringify({
    timestamp: new Date(t).toISOString(),
    value: label,
    confidence: Number(confidence.toFixed(4)),
    quality: degraded ? 'uncertain' : 'good',
    model,
  });

/**
 * Predictions to messages.
 *
 * @throws {InputError} `config-invalid` for a topic or levels that give no topic of MQTT.
 */
export function createNamespace(
  options: NamespaceOptions,
): (prediction: Prediction) => OutputMessage {
  const { topic, site, gateway, levels, assets, retain } = options;
  check(options);
  const filters = assets.map((each) => ({ ...each, fits: createAssetFilter([each.assets]) }));
  const known = new Map<string, string>();

  function topicOf(asset: string, model: string): string {
    const own = filters.find(({ fits }) => fits(asset))?.levels ?? {};
    const filled: Record<string, string> = { site, gateway, ...levels, ...own, asset, model };
    return topic.replaceAll(PLACEHOLDER, (_, name: string) => filled[name]);
  }

  const [[first]] = [topicOf('asset', 'model').split('/')];
  if (RESERVED.includes(first)) {
    refuse('outputs.namespace.topic', topic, `another first level than ${RESERVED.join(', ')}`);
  }
  const longest = Buffer.byteLength(topicOf('a'.repeat(64), 'm'.repeat(64)));
  if (longest > MAX_TOPIC)
    refuse('outputs.namespace.topic', topic, `topics of at most ${MAX_TOPIC} bytes`);

  return function toNamespace(prediction) {
    const key = `${prediction.model} ${prediction.asset}`;
    let place = known.get(key);
    if (place === undefined) {
      place = topicOf(prediction.asset, prediction.model);
      if (known.size < MAX_KNOWN) known.set(key, place);
    }
    return { topic: place, payload: payloadOf(prediction), retain };
  };
}
