// Traffic as the hourly roll-ups of the metrics have it, in the form that policies need.
import { STOP_REASONS } from '@dandan/shared/cascade';
import type { PolicyName } from '@dandan/shared/policy';
import type { Source } from '../metrics/observation.ts';
import { readPoints, type StoredPoint } from '../metrics/stored-series.ts';
import { ALL_MODELS } from './policy-store.ts';

export const HOUR_MS = 60 * 60 * 1000;

/** An hour (UTC) of requests of one source to one bundle under one policy. */
export interface TrafficHour {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly model: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly source: Source;
  readonly requests: number;
  readonly nodes: number;
  readonly macs: number;
  /** Nodes by the stage at which they stopped; index 0 is stage 1. */
  readonly exits: readonly number[];
  /** Nodes that a limit of stages, cost or time stopped before they were confident. */
  readonly cut: number;
}

export interface Span {
  /** Milliseconds since the epoch, `to` excluded; an hour belongs to the span in which it begins. */
  readonly from: number;
  readonly to: number;
}

export interface Traffic {
  /** Hours of a model, or of all with {@linkcode ALL_MODELS}, ascending. */
  hours(model: string, span: Span): Promise<TrafficHour[]>;
  /** Multiply-accumulates of these hours, as far as they are rolled up. */
  macs(model: string, span: Span): Promise<number>;
}

/** What gateways answered themselves costs the edge nothing. */
const OWN: Source = 'gateway';

/** Rows of a day: 25 hours of two policies and three sources of 30 bundles. */
const MAX_SERIES = 5000;

const CUT = ['stage-limit', 'budget'] as const;

function hourOf({ tally, ...series }: StoredPoint): TrafficHour {
  const { requests, nodes, macs, stages, stopped } = tally;
  const cut = CUT.reduce((sum, reason) => sum + (stopped[STOP_REASONS.indexOf(reason)] ?? 0), 0);
  return { ...series, requests, nodes, macs, exits: stages, cut };
}

export function createTraffic(database: D1Database): Traffic {
  return {
    async hours(model, span) {
      const query = {
        ...span,
        step: 'hour' as const,
        model: model === ALL_MODELS ? undefined : model,
      };
      const points = await readPoints(database, query, MAX_SERIES);
      return points.filter(({ source }) => source !== OWN).map(hourOf);
    },
    async macs(model, { from, to }) {
      const sum = await database
        .prepare(
          `SELECT SUM(macs) AS macs FROM metric_spans WHERE span = 'hour' AND start >= ?2
           AND start < ?3 AND (?1 = '${ALL_MODELS}' OR model = ?1) AND source <> '${OWN}'`,
        )
        .bind(model, from, to)
        .first<number | null>('macs');
      return sum ?? 0;
    },
  };
}
