// Is the promise still kept? A test by betting that may be looked at after every audit
// (arXiv 2409.15844; Ramdas et al. 2023, "Game-theoretic statistics and safe anytime-valid inference").
//
// Against "at most α of the answers differ" one bets on several worse rates p. A bet on p multiplies
// its wealth by p / α when an audited answer differs and by (1 − p) / (1 − α) when it does not: if the
// promise holds, wealth does not grow on average, and the chance that it ever reaches 1 / δ is at most
// δ (Ville). Drift may begin late, when early bets are lost: a share 1 / (t (t + 1)) of the stake is
// kept for a bet that begins with audit t.

/** Worse rates to bet on, in multiples of α. */
const ALTERNATIVES = [1.5, 2, 3, 5, 10, 30];

/** No rate is above one half of the way from α to 1, or a single agreement would take all. */
const LARGEST_RATE = 0.5;

/** Beyond this the alarm is certain; wealth must stay a finite number that JSON keeps. */
const MAX_WEALTH = 1e200;

/** Plain numbers, so that it can be stored anywhere. */
export interface RiskMonitor {
  /** Largest share that may differ. */
  readonly alpha: number;
  /** Probability of an alarm, ever, while the promise is kept. */
  readonly delta: number;
  readonly audits: number;
  readonly disagreements: number;
  /** Wealth of the bets that have begun, by alternative. */
  readonly wealth: readonly number[];
}

const ratesFor = (alpha: number) =>
  ALTERNATIVES.map((factor) => Math.min(factor * alpha, alpha + LARGEST_RATE * (1 - alpha)));

/** @throws {RangeError} when `alpha` or `delta` is not between 0 and 1. */
export function createRiskMonitor(options: {
  readonly alpha: number;
  readonly delta: number;
}): RiskMonitor {
  const { alpha, delta } = options;
  for (const [name, value] of Object.entries({ alpha, delta })) {
    if (value > 0 && value < 1) continue;
    throw new RangeError(`Cannot monitor with ${name} = ${value}: it must be between 0 and 1`);
  }
  return { alpha, delta, audits: 0, disagreements: 0, wealth: ALTERNATIVES.map(() => 0) };
}

/** The monitor after one more audit. */
export function observeAudit(monitor: RiskMonitor, disagrees: boolean): RiskMonitor {
  const { alpha } = monitor;
  const audits = monitor.audits + 1;
  const stake = 1 / (audits * (audits + 1));
  const wealth = ratesFor(alpha).map((rate, j) => {
    const factor = disagrees ? rate / alpha : (1 - rate) / (1 - alpha);
    return Math.min(MAX_WEALTH, (monitor.wealth[j] + stake) * factor);
  });
  return {
    ...monitor,
    audits,
    disagreements: monitor.disagreements + Number(disagrees),
    wealth,
  };
}

/** Evidence against the promise: an e-value, 1 at first; 20 is strong, 100 very strong. */
export function evidence({ audits, wealth }: RiskMonitor): number {
  const begun = wealth.reduce((sum, value) => sum + value, 0) / wealth.length;
  // What bets that have not begun still hold: 1 − Σ 1 / (t (t + 1)).
  return begun + 1 / (audits + 1);
}

/** Whether the evidence has reached 1 / δ. An operator keeps the first alarm: evidence may fall again. */
export function isAlarm(monitor: RiskMonitor): boolean {
  return evidence(monitor) >= 1 / monitor.delta;
}
