// How hard the mixed samples are (ProGMLP Eq. 6–7): λ near 0 is easy, near ½ is hard.

/**
 * Sign of Eq. 7. `printed`: λ ← λ + γ(ℓ̄ − τ), as in the paper's formula.
 * `prose`: λ ← λ + γ(τ − ℓ̄), as in its text: harder as the loss falls.
 */
export type MixupSign = 'printed' | 'prose';

export interface MixupScheduleOptions {
  readonly sign: MixupSign;
  /** λ of the first student. @default {0.1} */
  readonly initial?: number;
  /** Step size γ. @default {0.1} */
  readonly gamma?: number;
  /** Loss level τ at which λ stays. @default {0.1, as in the paper} */
  readonly level?: number;
  /** Memory σ of the moving average ℓ̄. @default {0.1, as in the paper} */
  readonly sigma?: number;
}

export interface MixupSchedule {
  /** λ_k of the current student, 0..½. */
  readonly lambda: number;
  /** Takes the mixup loss of one step into ℓ̄. */
  observe(loss: number): void;
  /** Moves to the next student: λ_k from λ_{k−1} and ℓ̄. */
  nextStudent(): void;
}

/** @throws {RangeError} when `initial` is outside 0..½. */
export function createMixupSchedule(options: MixupScheduleOptions): MixupSchedule {
  const { sign, initial = 0.1, gamma = 0.1, level = 0.1, sigma = 0.1 } = options;
  if (!(initial >= 0 && initial <= 0.5)) {
    throw new RangeError(`Cannot mix as 'initial' must be between 0 and 0.5: it is ${initial}`);
  }
  let lambda = initial;
  let average: number | undefined;
  return {
    get lambda() {
      return lambda;
    },
    observe(loss) {
      average = average === undefined ? loss : sigma * average + (1 - sigma) * loss;
    },
    nextStudent() {
      if (average === undefined) return;
      const step = gamma * (average - level);
      lambda = Math.min(0.5, Math.max(0, lambda + (sign === 'printed' ? step : -step)));
      average = undefined;
    },
  };
}
