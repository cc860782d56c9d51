// Words of what to know before trusting a model.
import type { Language, Say } from '../say.ts';

interface NotesWords {
  readonly title: string;
  readonly nothing: string;
  readonly noCertificate: (say: Say) => string;
  readonly broken: (say: Say, of: { seen: string; alpha: string; delta: string }) => string;
  readonly rarelyFound: (name: string, found: string, all: string) => string;
  readonly neverTold: (name: string) => string;
  readonly fewNodes: (say: Say, names: string, limit: number) => string;
  readonly notBetter: (own: string, mlp: string) => string;
  readonly belowTeacher: (points: string) => string;
  readonly unreliable: (ece: string) => string;
  readonly weakAssets: (names: string, mean: string) => string;
  readonly seen: (say: Say) => string;
  readonly scattered: (say: Say) => string;
  readonly quantised: (points: string) => string;
}

export const NOTES_WORDS: Readonly<Record<Language, NotesWords>> = {
  en: {
    title: 'Before you rely on it',
    nothing: 'No figure of this report stands out as a warning. The limits in the model card hold.',
    noCertificate: ({ many }) =>
      `No promise is certified for the day policy: nothing says how many ${many} get another class because they stop early. More unlabelled ${many} for calibration, or a laxer promise (dandan certify), may change that.`,
    broken: ({ many }, { seen, alpha, delta }) =>
      `On the test ${many} early exits change ${seen} of the classes, more than the promised ${alpha}. By chance that may happen to ${delta} of all calibrations; or the test data is unlike that of the calibration.`,
    rarelyFound: (name, found, all) =>
      `Class ${name} is found in only ${found} of ${all} cases. Do not rely on its silence.`,
    neverTold: (name) => `Class ${name} is never told.`,
    fewNodes: ({ many }, names, limit) =>
      `Fewer than ${limit} test ${many} stand behind the figures of: ${names}. They are rough.`,
    notBetter: (own, mlp) =>
      `The cascade (${own}) is not better than a plain MLP on the same labels (${mlp}): here the graph does not help.`,
    belowTeacher: (points) =>
      `The cascade is ${points} below its teacher: students lose that much.`,
    unreliable: (ece) =>
      `Stated confidence and accuracy differ by ${ece} on average: do not read a confidence as a probability.`,
    weakAssets: (names, mean) =>
      `On these assets it is clearly weaker than its mean of ${mean}: ${names}.`,
    seen: ({ many }) =>
      `Training saw the features of the test ${many} (setting “tran”), not their labels. Accuracy on new ${many} may be lower; train with the setting “ind” to see.`,
    scattered: ({ many }) =>
      `The test ${many} were drawn by chance from the time that training learnt from, so that each has neighbours in time that were labelled or seen. On later days accuracy may be lower; a split by time blocks would show.`,
    quantised: (points) => `Rounding to eight bits costs ${points} of accuracy.`,
  },
  ja: {
    title: '使う前に知っておくこと',
    nothing: '警告すべき数値は見当たりません。モデルカードの限界は守ってください。',
    noCertificate: ({ many }) =>
      `昼の設定には証明された約束がありません。早期終了のためにクラスが変わる${many}の数は保証されません。校正用のラベルなしの${many}を増やすか、約束を緩めてください（dandan certify）。`,
    broken: ({ many }, { seen, alpha, delta }) =>
      `テスト用の${many}では早期終了によって ${seen} のクラスが変わり、約束の ${alpha} を超えています。偶然でも校正の ${delta} までは起こりえますが、テスト用のデータが校正のときと違うのかもしれません。`,
    rarelyFound: (name, found, all) =>
      `クラス${name}は ${all} 件中 ${found} 件しか見つかりません。知らせがないことを安全の根拠にしないでください。`,
    neverTold: (name) => `クラス${name}は一度も告げられません。`,
    fewNodes: ({ many }, names, limit) =>
      `次のクラスはテスト用の${many}が ${limit} 個に満たず、数値は目安です: ${names}。`,
    notBetter: (own, mlp) =>
      `カスケード（${own}）は、同じラベルで学習した普通の MLP（${mlp}）より良くありません。ここではグラフが役に立っていません。`,
    belowTeacher: (points) =>
      `カスケードは教師より ${points}低く、生徒への蒸留でそれだけ失われています。`,
    unreliable: (ece) =>
      `示された確信度と正解率には平均 ${ece} の差があります。確信度を確率として読まないでください。`,
    weakAssets: (names, mean) => `次の設備では平均の ${mean} より明らかに劣ります: ${names}。`,
    seen: ({ many }) =>
      `学習ではテスト用の${many}の特徴も見ています（設定は tran。ラベルは見ていません）。新しい${many}では正解率が下がることがあります。設定を ind にして学習すると確かめられます。`,
    scattered: ({ many }) =>
      `テスト用の${many}は学習に使った期間から無作為に選ばれ、前後にラベル付きの、または学習で見た${many}があります。後日のデータでは正解率が下がることがあります。期間で分ければ確かめられます。`,
    quantised: (points) => `8 ビットへの丸めで正解率が ${points}下がります。`,
  },
};
