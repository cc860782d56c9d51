// Names of models and stages, and small words that every section uses.
import type { Model } from '../facts/run-facts.ts';

interface ModelWords {
  readonly models: Readonly<Record<Model, string>>;
  readonly stage: (stage: number) => string;
  readonly day: string;
  readonly night: string;
  /** Joins names in a sentence. */
  readonly list: (names: readonly string[]) => string;
  readonly quoted: (name: string) => string;
}

export const MODEL_WORDS: Readonly<Record<'en' | 'ja', ModelWords>> = {
  en: {
    models: {
      cascade: 'Cascade, early exits',
      teacher: 'Teacher (graph network)',
      mlp: 'Plain MLP',
      glnn: 'GLNN, one distilled MLP',
    },
    stage: (stage) => `Stage ${stage}`,
    day: 'Day',
    night: 'Night',
    list: (names) => names.join(', '),
    quoted: (name) => `“${name}”`,
  },
  ja: {
    models: {
      cascade: 'カスケード（早期終了あり）',
      teacher: '教師（グラフネットワーク）',
      mlp: '普通の MLP',
      glnn: 'GLNN（蒸留した MLP 1 つ）',
    },
    stage: (stage) => `第 ${stage} 段`,
    day: '昼',
    night: '夜',
    list: (names) => names.join('、'),
    quoted: (name) => `「${name}」`,
  },
};
