// What a step with mixup is fed (ProGMLP Eq. 5): λ, the partners' rows and their targets.
import { type Feeds, indexInput, input } from '../autodiff/index.ts';
import { rowsAt } from '../network/rows-at.ts';

const LAMBDA = 'mixup.lambda';
const PARTNERS = 'mixup.partners';
const PARTNER_TARGETS = 'mixup.partnerTargets';

/** Every step of a student has the same λ. */
export const lambdaInput = input(LAMBDA, [1, 1]);

export const lambdaFeeds = (lambda: number): Feeds => ({ [LAMBDA]: Float32Array.of(lambda) });

/** @param pairs number of labelled nodes that are mixed. */
export const mixupInputs = (pairs: number, classes: number) => ({
  lambda: lambdaInput,
  partners: indexInput(PARTNERS, pairs),
  partnerTargets: input(PARTNER_TARGETS, [pairs, classes]),
});

export interface MixupFeeds {
  readonly lambda: number;
  /** Position of each node's partner among the labelled nodes. */
  readonly order: Int32Array;
  /** Row of each labelled node in the outputs that are mixed. */
  readonly rows: Int32Array;
  /** float32 [labelled nodes, classes]. */
  readonly targets: Float32Array;
  readonly classes: number;
}

export const mixupFeeds = ({ lambda, order, rows, targets, classes }: MixupFeeds): Feeds => ({
  ...lambdaFeeds(lambda),
  [PARTNERS]: order.map((position) => rows[position]),
  [PARTNER_TARGETS]: rowsAt(targets, classes, order),
});
