// A configured model as updates see it: what is served, and what is tried beside it on live rows.
import type { Prediction } from '@dandan/shared/wire';
import { type AnswerOptions, answerRows, type LocalModel } from '../cascade/index.ts';
import type { BuiltRow, Line, LineSlot } from '../line/index.ts';
import type { ModelHost, ShadowAnswer, ShadowRow } from '../update/index.ts';

/** Answers of the served line that wait for the row of the tried one: some strides of all assets. */
const MAX_UNMATCHED = 20_000;

export interface TriedHost extends ModelHost {
  /** The served line has answered. */
  onAnswered(line: Line, predictions: readonly Prediction[], ms: number): void;
  /** Rows of a line; @returns whether it is the one that is tried here. */
  onRows(line: Line, built: readonly BuiltRow[], policy: AnswerOptions): boolean;
}

const keyOf = (asset: string, time: number) => `${asset}/${time}`;

/** A host over `slot`. */
export function createModelHost(slot: LineSlot): TriedHost {
  let listener: ((rows: readonly ShadowRow[]) => void) | undefined;
  let isTrying = false;
  const old = new Map<string, ShadowAnswer>();

  function remember(key: string, answer: ShadowAnswer): void {
    old.set(key, answer);
    if (old.size <= MAX_UNMATCHED) return;
    for (const oldest of old.keys()) {
      old.delete(oldest);
      break;
    }
  }

  function try_(model: LocalModel, built: readonly BuiltRow[], policy: AnswerOptions): ShadowRow[] {
    const began = performance.now();
    const common = built.map(({ row: { asset, time } }) => {
      const key = keyOf(asset, time);
      const answer = old.get(key);
      old.delete(key);
      return { asset, time, old: answer };
    });
    try {
      const { predictions, unsure } = answerRows(
        model,
        built.map(({ row }) => row),
        policy,
      );
      const ms = (performance.now() - began) / built.length;
      const escalated = new Set(unsure);
      return predictions.map(({ class: index, confidence, stage }, i) => ({
        ...common[i],
        new: { class: index, confidence, stage, unsure: escalated.has(i), ms },
      }));
    } catch (error) {
      const { message } = error as Error;
      return common.map((row) => ({ ...row, new: undefined, error: message }));
    }
  }

  return {
    serve(model) {
      isTrying = false;
      slot.serve(model);
    },
    start(model) {
      isTrying = true;
      old.clear();
      slot.try(model);
      return {
        observe(heard) {
          listener = heard;
        },
        // The line goes on taking samples: its windows are full when it is served next.
        stop() {
          isTrying = false;
          listener = undefined;
          old.clear();
        },
      };
    },
    onAnswered(line, predictions, ms) {
      if (!isTrying || line !== slot.served) return;
      for (const { asset, t, class: index, confidence, stage } of predictions) {
        remember(keyOf(asset, t), { class: index, confidence, stage, ms });
      }
    },
    onRows(line, built, policy) {
      if (line !== slot.tried) return false;
      if (isTrying && listener !== undefined) listener(try_(line.model, built, policy));
      return true;
    },
  };
}
