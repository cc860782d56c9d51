// Words of where a cascade fails and how evenly it treats assets.
import type { Language, Say } from '../say.ts';

interface FailureWords {
  readonly title: string;
  readonly stretches: string;
  readonly stretchColumns: (say: Say) => readonly string[];
  readonly stretchCaption: (say: Say, length: string) => string;
  readonly noStretches: string;
  readonly examples: string;
  readonly exampleColumns: readonly string[];
  readonly exampleCaption: (say: Say) => string;
  readonly node: string;
  readonly neighbours: (say: Say) => string;
  readonly neighbourCaption: (say: Say, limit: number) => string;
  readonly neighbourColumns: (say: Say) => readonly string[];
  readonly neighbourRange: (from: number, to: number | undefined) => string;
  readonly fairness: string;
  readonly noAssets: string;
  readonly fairText: (
    say: Say,
    of: { mean: string; best: string; worst: string; gap: string },
  ) => string;
  readonly fairColumns: (say: Say) => readonly string[];
  readonly fairCaption: (say: Say, of: { shown: number; all: number; limit: number }) => string;
  readonly fairChart: string;
  readonly fairAlt: string;
  readonly kinds: string;
  readonly kindCaption: string;
}

export const FAILURE_WORDS: Readonly<Record<Language, FailureWords>> = {
  en: {
    title: 'Where it fails',
    stretches: 'Worst stretches of time',
    stretchColumns: ({ many }) => ['Asset', 'Wrong', `Test ${many}`],
    stretchCaption: ({ many, zone }, length) =>
      `Stretches of ${length} (${zone}) of one asset with more wrong ${many} than usual, the most first. Look at what happened then: another product, a repair, a wrong label.`,
    noStretches: 'No stretch of time has more errors than chance would put there.',
    examples: 'Wrong, but sure',
    exampleColumns: ['Truth', 'Answer', 'Confidence', 'Stage', 'Teacher'],
    exampleCaption: ({ many }) =>
      `Wrong answers on test ${many}, the most confident first. Check their labels: the teacher, if it gives the same answer, may be right.`,
    node: 'node',
    neighbours: ({ many }) => `${many[0].toUpperCase()}${many.slice(1)} by their neighbours`,
    neighbourCaption: ({ many }, limit) =>
      `Test ${many} by how many neighbours they have in the graph; groups of fewer than ${limit} are left out. The cascade reads no neighbours; its teacher did.`,
    neighbourColumns: ({ many }) => [`Test ${many}`, 'Accuracy', 'Computation'],
    neighbourRange: (from, to) => {
      if (to === undefined) return `${from} or more neighbours`;
      if (from !== to) return `${from}–${to} neighbours`;
      return from === 1 ? '1 neighbour' : `${from} neighbours`;
    },
    fairness: 'Is every asset treated as well?',
    noAssets:
      'This data names no assets. The tables by class and by neighbours say for which parts the model is weaker.',
    fairText: (_, { mean, best, worst, gap }) =>
      `Accuracy is ${mean} on average; the best asset is ${best}, the worst ${worst}: a gap of ${gap}. Whiskers are 95 % intervals: assets whose whiskers include the dashed line are not shown to differ from the average.`,
    fairColumns: ({ many }) => [
      `Test ${many}`,
      'Accuracy',
      '95 % interval',
      'Changed by exits',
      'Computation',
    ],
    fairCaption: ({ many }, { shown, all, limit }) =>
      `${shown === all ? 'All assets' : `The ${shown} worst of ${all} assets`}, worst first. Changed by exits: another class than from all stages; computation: share of that of all stages. Below ${limit} test ${many} figures are rough.`,
    fairChart: 'Accuracy by asset',
    fairAlt: 'Accuracy of each asset in percent, worst first',
    kinds: 'By kind of machine',
    kindCaption: 'Kinds as the topology names them.',
  },
  ja: {
    title: 'どこで間違えるか',
    stretches: '誤りの多い時間帯',
    stretchColumns: ({ many }) => ['設備', '誤り', `テスト用の${many}`],
    stretchCaption: ({ many, zone }, length) =>
      `設備ごとに ${length}（${zone}）で区切り、いつもより誤りの多い${many}を多い順に並べました。別の製品、修理、ラベルの誤りなど、そのとき何があったかを調べてください。`,
    noStretches: '偶然より誤りの多い時間帯はありません。',
    examples: '自信があるのに間違えた例',
    exampleColumns: ['本当', '答え', '確信度', '段', '教師'],
    exampleCaption: ({ many }) =>
      `テスト用の${many}での誤りを確信度の高い順に並べました。ラベルを確かめてください。教師も同じ答えなら、ラベルのほうが誤りかもしれません。`,
    node: 'ノード',
    neighbours: ({ many }) => `隣の数で分けた${many}`,
    neighbourCaption: ({ many }, limit) =>
      `グラフで隣がいくつあるかで分けたテスト用の${many}。${limit} 個に満たない組は省きます。カスケードは隣を読みませんが、教師は読みました。`,
    neighbourColumns: ({ many }) => [`テスト用の${many}`, '正解率', '計算量'],
    neighbourRange: (from, to) => {
      if (to === undefined) return `隣が ${from} 以上`;
      return from === to ? `隣が ${from}` : `隣が ${from}〜${to}`;
    },
    fairness: 'どの設備も同じように扱われているか',
    noAssets:
      'このデータには設備の名前がありません。クラスごと、隣の数ごとの表が、モデルの弱いところを示します。',
    fairText: (_, { mean, best, worst, gap }) =>
      `正解率は平均 ${mean}、最も良い設備は ${best}、最も悪い設備は ${worst} で、差は ${gap}です。ひげは 95 % 区間で、破線を含む設備は平均と違うとは言えません。`,
    fairColumns: ({ many }) => [`テスト用の${many}`, '正解率', '95 % 区間', '終了で変化', '計算量'],
    fairCaption: ({ many }, { shown, all, limit }) =>
      `${shown === all ? 'すべての設備' : `${all} 台のうち悪い ${shown} 台`}を悪い順に示します。終了で変化: 全段の場合とクラスが違う割合。計算量: 全段に対する割合。テスト用の${many}が ${limit} 個に満たないと目安です。`,
    fairChart: '設備ごとの正解率',
    fairAlt: '設備ごとの正解率（%）、悪い順',
    kinds: '機械の種類ごと',
    kindCaption: '種類はトポロジーにある名前です。',
  },
};
