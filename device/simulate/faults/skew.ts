// Clocks that are wrong: by a constant, by a drift, from a moment on.
import type { SentSample, TellTruth, Transform } from './fault.ts';
import type { SkewPlan } from './plan.ts';

const HOUR_MS = 3_600_000;

function matcher(pattern: string): (asset: string) => boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[^A-Za-z0-9_]/g, '\\$&'));
  const expression = new RegExp(`^${escaped.join('.*')}$`);
  return (asset) => expression.test(asset);
}

/**
 * Moves the times of the assets that a plan names; every plan that fits counts. `amount`:
 * milliseconds, or milliseconds an hour for a drift.
 */
export function injectSkew(options: {
  readonly plans: readonly SkewPlan[];
  readonly tell: TellTruth;
}): Transform<SentSample> {
  const { tell } = options;
  const plans = options.plans.map((plan) => ({ ...plan, matches: matcher(plan.assets) }));
  const ofAsset = new Map<string, typeof plans>();
  let start: number | undefined;

  function meet(asset: string, begin: number): typeof plans {
    const own = plans.filter(({ matches }) => matches(asset));
    ofAsset.set(asset, own);
    for (const { kind, amount, afterMs = 0 } of own) {
      tell({ fault: 'skew', from: begin + afterMs, asset, amount, detail: kind });
    }
    return own;
  }

  return function* (sample) {
    start ??= sample.sentAt;
    const sinceStart = sample.sentAt - start;
    let time = sample.time;
    for (const plan of ofAsset.get(sample.asset) ?? meet(sample.asset, start)) {
      const { kind, amount, afterMs = 0 } = plan;
      if (sinceStart < afterMs) continue;
      time += kind === 'drift' ? Math.round((amount * (sinceStart - afterMs)) / HOUR_MS) : amount;
    }
    // Telemetry has no times before 1970.
    yield time === sample.time ? sample : { ...sample, time: Math.max(0, time) };
  };
}
