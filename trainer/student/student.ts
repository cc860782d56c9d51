// One MLP student: hidden layers over [x ‖ h of the predecessor], then a head.
// Both structures of the cascade are this network with another head input.
import type { Structure } from '@dandan/shared/bundle';
import {
  add,
  constant,
  type Expression,
  gatherRows,
  type IndexInput,
  matmul,
  multiply,
  relu,
  scalar,
  subtract,
} from '../autodiff/index.ts';
import type { DropoutMode } from '../network/dropout.ts';
import type { FeatureProduct } from '../network/feature-product.ts';
import type { WeightShapes } from '../network/weights.ts';

/**
 * `paper`: H_k replaces H_{k−1}; `incremental`: h_k = [h_{k−1} ‖ u_k] (cascade-correlation);
 * `additive`: u_k reads x alone, and its logits are added to P_{k−1}, so that the whole staircase
 * costs what one MLP of its last width does.
 */
export type { Structure };

/**
 * What the predecessor hands on for all nodes, computed once in evaluation mode: hidden activations,
 * or with the additive structure its logits.
 */
export interface HiddenMatrix {
  readonly width: number;
  /** float32 [N, width]. */
  readonly values: Float32Array;
}

/** The same, fed batch by batch. */
export interface HiddenInput {
  readonly width: number;
  /** [rows, width]. */
  readonly input: Expression;
}

export interface StudentOptions {
  readonly features: FeatureProduct;
  /** `undefined` for the first student, whose H_0 is zero. */
  readonly previous: HiddenMatrix | HiddenInput | undefined;
  readonly structure: Structure;
  /** Units of the hidden layers that this student trains; the last width is that of u_k or H_k. */
  readonly widths: readonly number[];
  readonly classes: number;
  /** Share of x that training hides. @default {0} */
  readonly inputDropout?: number | undefined;
  /** Share of the hidden units that training drops. */
  readonly dropout: number;
}

/** Mixed pairs of nodes (ProGMLP Eq. 5): λ·node + (1−λ)·partner. */
export interface MixedPairs {
  readonly nodes: Int32Array;
  /** Node numbers of the partners, fed at every step. */
  readonly partners: IndexInput;
  /** [1, 1]. */
  readonly lambda: Expression;
}

export interface StudentOutputs {
  /** The first hidden layer before its ReLU, [N, first width]: the dear part on sparse rows. */
  readonly first: Expression;
  /** Units of the hidden layers but the last, [N, width] each. */
  readonly inner: readonly Expression[];
  /** Units of the last hidden layer, [N, last width]. */
  readonly units: Expression;
  /** [N, classes]. */
  readonly logits: Expression;
}

/** Matrices by the names of `shapes`: trained as inputs, frozen as constants. */
export type StudentParameters = Readonly<Record<string, Expression>>;

export interface Student {
  readonly shapes: WeightShapes;
  /** Width of what the next student reads. */
  readonly hiddenWidth: number;
  forward(parameters: StudentParameters, mode: DropoutMode): StudentOutputs;
  /** Logits [pairs, classes] of mixed inputs, from `first` of a forward pass. */
  forwardMixed(
    parameters: StudentParameters,
    mode: DropoutMode,
    pairs: MixedPairs & Pick<StudentOutputs, 'first'>,
  ): Expression;
}

const hiddenExpression = (previous: HiddenMatrix | HiddenInput, count: number): Expression =>
  'input' in previous ? previous.input : constant(previous.values, [count, previous.width]);

export function createStudent(options: StudentOptions): Student {
  const { features, previous, structure, widths, classes, inputDropout = 0, dropout } = options;
  const last = widths[widths.length - 1];
  const reads = previous?.width ?? 0;
  const incremental = structure === 'incremental';
  const additive = structure === 'additive';
  const shapes: Record<string, readonly [number, number]> = {
    'hidden0.x': [features.width, widths[0]],
    'hidden0.b': [1, widths[0]],
    'head.u': [last, classes],
    'head.b': [1, classes],
  };
  if (previous && !additive) shapes['hidden0.h'] = [reads, widths[0]];
  if (previous && incremental) shapes['head.h'] = [reads, classes];
  for (let l = 1; l < widths.length; l++) {
    shapes[`hidden${l}.w`] = [widths[l - 1], widths[l]];
    shapes[`hidden${l}.b`] = [1, widths[l]];
  }
  const h = previous && hiddenExpression(previous, features.count);

  function preactivation(p: StudentParameters, mode: DropoutMode): Expression {
    const fromX = add(features.multiply(p['hidden0.x'], mode, inputDropout), p['hidden0.b']);
    return h && !additive ? add(fromX, matmul(h, p['hidden0.h'])) : fromX;
  }

  function withPredecessor(
    p: StudentParameters,
    mode: DropoutMode,
    own: Expression,
    before: Expression | undefined,
    masks: string,
  ): Expression {
    if (before === undefined || structure === 'paper') return own;
    if (additive) return add(own, before);
    return add(own, matmul(mode.apply(before, `${masks}.h`, dropout), p['head.h']));
  }

  function rest(
    p: StudentParameters,
    mode: DropoutMode,
    first: Expression,
    hiddenBefore: Expression | undefined,
    masks: string,
  ) {
    let units = mode.apply(relu(first), `${masks}.0`, dropout);
    const inner: Expression[] = [];
    for (let l = 1; l < widths.length; l++) {
      inner.push(units);
      const z = add(matmul(units, p[`hidden${l}.w`]), p[`hidden${l}.b`]);
      units = mode.apply(relu(z), `${masks}.${l}`, dropout);
    }
    const own = add(matmul(units, p['head.u']), p['head.b']);
    return { first, inner, units, logits: withPredecessor(p, mode, own, hiddenBefore, masks) };
  }

  return {
    shapes,
    hiddenWidth: additive ? classes : incremental ? reads + last : last,
    forward: (p, mode) => rest(p, mode, preactivation(p, mode), h, 'dropout'),
    forwardMixed(p, mode, { nodes, partners, lambda, first }) {
      // The first layer is linear before its ReLU, so mixing its outputs equals mixing
      // [x ‖ h]: sparse rows never have to be mixed.
      const mix = (a: Expression) =>
        add(
          multiply(lambda, gatherRows(a, nodes)),
          multiply(subtract(scalar(1), lambda), gatherRows(a, partners)),
        );
      return rest(p, mode, mix(first), h && mix(h), 'dropout.mixed').logits;
    },
  };
}
