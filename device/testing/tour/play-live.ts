// The presses of the tour on their own topics: names of their own, °C where the history has °F.
import { type Prediction, predictionSchema } from '@dandan/shared/wire';
import { connectAsync } from 'mqtt';
import { poll } from '../poll.ts';
import { LIVE, liveHours, MACHINES, TITLES } from './historian.ts';

const MINUTE_MS = 60_000;

const toCelsius = (fahrenheit: number) => (fahrenheit - 32) / 1.8;

/** As `plant.yaml` or the check call the channels, by the name in the message. */
const CHANNELS: Readonly<Record<string, string>> = {
  vibration: 'VIB_RMS',
  temperature: '{ channel: Temp_Lager, unit: °C }',
  current: 'I_Motor',
  flow: 'Ol_l_min',
  pressure: 'p_Hyd',
};

const listed = (entries: readonly (readonly [string, string])[]) =>
  entries.map(([key, value]) => `${key}: ${value}`).join(', ');

/** The entry of `telemetry` in gateway.yaml that reads them. */
export const MAPPING = [
  '  - kind: mapping',
  '    topic: "werk/halle-2/{asset}"',
  `    values: { ${listed(Object.keys(CHANNELS).map((name) => [name, `"$.${name}"`]))} }`,
  '    time: { path: "$.t", unit: ms }',
  '    assets: { "Presse 1": presse-1, "Presse 2": presse-2 }',
  `    channels: { ${listed(Object.entries(CHANNELS))} }`,
].join('\n');

export interface Played {
  readonly predictions: readonly Prediction[];
  /** What was the case. */
  truth(asset: string, time: number): string | undefined;
}

export interface PlayOptions {
  readonly url: string;
  /** Topic of the predictions. */
  readonly topic: string;
  /** Time between two rows of a press. */
  readonly strideMs: number;
  /** Windows at the ends of the time that are not whole, or never completed. */
  readonly spare: number;
}

/** Sends all live hours and waits for what the gateway makes of them. */
export async function playLive({ url, topic, strideMs, spare }: PlayOptions): Promise<Played> {
  const client = await connectAsync(url, { protocolVersion: 5 });
  try {
    const predictions: Prediction[] = [];
    client.on('message', (_, payload) => {
      predictions.push(predictionSchema.parse(JSON.parse(payload.toString())));
    });
    await client.subscribeAsync(topic, { qos: 1 });
    const { readings, incidents } = liveHours();
    const names = new Map(Object.entries(TITLES).map(([name, title]) => [title, name]));
    await Promise.all(
      readings.map(({ machine, time, values }) => {
        const named = Object.entries(values).map(([title, value]) => {
          const name = names.get(title) ?? title;
          return [name, name === 'temperature' ? toCelsius(value) : value] as const;
        });
        const message = JSON.stringify({ t: time, ...Object.fromEntries(named) });
        return client.publishAsync(`werk/halle-2/${machine}`, message, { qos: 1 });
      }),
    );
    const least = MACHINES.length * (LIVE.durationMs / strideMs - spare);
    await poll(`${least} predictions`, () => predictions.length >= least);
    return {
      predictions,
      truth(asset, time) {
        const machine = MACHINES[asset === 'presse-1' ? 0 : 1];
        return incidents.find(
          (each) => each.machine === machine && each.from <= time && time < each.to + MINUTE_MS,
        )?.class;
      },
    };
  } finally {
    await client.endAsync(true);
  }
}
