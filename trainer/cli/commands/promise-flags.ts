// The options of `dandan train` and `dandan certify` that say what thresholds shall promise.
import { InputError } from '@dandan/shared/error';
import type { Command } from 'commander';
import type { Promises } from '../../certify/promise.ts';
import { DEFAULTS } from '../../run/train-options.ts';
import { numberOption } from '../number-option.ts';

export interface PromiseFlags {
  alpha: number;
  delta: number;
  worstClass?: number;
  escalation?: number;
  gatewayStages?: number;
}

/** Beyond a half, a promise says less than a coin. */
const SHARE = { minimum: 1e-6, maximum: 0.5 };

export function declarePromiseFlags(command: Command): Command {
  return command
    .option(
      '--alpha <a>',
      'certified largest share of nodes that differ from the full cascade',
      numberOption(SHARE),
      DEFAULTS.alpha,
    )
    .option(
      '--delta <d>',
      'probability that the promise fails',
      numberOption(SHARE),
      DEFAULTS.delta,
    )
    .option('--worst-class <a>', 'also promise this share within every class', numberOption(SHARE))
    .option(
      '--escalation <share>',
      'also promise that at most this share climbs beyond the gateway (needs --gateway-stages)',
      numberOption({ minimum: 1e-6, maximum: 1 - 1e-6 }),
    )
    .option(
      '--gateway-stages <s>',
      'stages that run on the gateway',
      numberOption({ minimum: 1, maximum: 16, whole: true }),
    );
}

/** @throws {InputError} `option-invalid` when one of two options that belong together is missing. */
export function promisesOf(flags: PromiseFlags): Promises {
  const { alpha, worstClass, escalation, gatewayStages } = flags;
  if ((escalation === undefined) !== (gatewayStages === undefined)) {
    throw new InputError('option-invalid', 'A promise of escalations needs both of its options', {
      field: escalation === undefined ? '--escalation' : '--gateway-stages',
      allowed: 'e.g. --escalation 0.2 --gateway-stages 2',
    });
  }
  return {
    alpha,
    ...(worstClass !== undefined && { worstClass }),
    ...(escalation !== undefined &&
      gatewayStages !== undefined && {
        escalation: { stages: gatewayStages, limit: escalation },
      }),
  };
}
