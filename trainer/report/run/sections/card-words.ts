// Words of the model card (Mitchell et al. 2019): what the model is, is for, and is not for.
import type { Language, Say } from '../say.ts';

interface CardWords {
  readonly title: string;
  readonly names: Readonly<
    Record<
      | 'model'
      | 'bundle'
      | 'data'
      | 'sets'
      | 'split'
      | 'training'
      | 'features'
      | 'code'
      | 'licence'
      | 'use'
      | 'notFor'
      | 'limits'
      | 'care',
      string
    >
  >;
  readonly model: (of: {
    model: string;
    version: string;
    created: string;
    classes: string;
  }) => string;
  readonly bundle: (of: { sha256: string; bytes: string; stages: string }) => string;
  readonly data: (
    say: Say,
    of: { name: string; nodes: string; edges: string; sha256: string },
  ) => string;
  readonly sets: (
    say: Say,
    of: { train: string; validation: string; calibration: string; test: string },
  ) => string;
  readonly split: (of: { split: string; setting: string; seed: string }) => string;
  readonly training: (of: {
    teacher: string;
    structure: string;
    widths: string;
    drop: string;
  }) => string;
  readonly table: (columns: string) => string;
  readonly telemetry: (of: { channels: string; columns: string; window: string }) => string;
  readonly samples: (count: string) => string;
  readonly code: (version: string, schema: number) => string;
  readonly noLicence: string;
  readonly use: (say: Say) => string;
  readonly notFor: string;
  readonly limits: (say: Say) => string;
  readonly care: string;
  readonly unknown: string;
}

export const CARD_WORDS: Readonly<Record<Language, CardWords>> = {
  en: {
    title: 'Model card',
    names: {
      model: 'Model',
      bundle: 'Bundle',
      data: 'Data',
      sets: 'Use of the data',
      split: 'Split and seed',
      training: 'Training',
      features: 'Input',
      code: 'Made by',
      licence: 'Licence',
      use: 'Intended use',
      notFor: 'Not for',
      limits: 'Limits',
      care: 'Care',
    },
    model: ({ model, version, created, classes }) =>
      `${model}, version ${version}, made ${created}; classes: ${classes}.`,
    bundle: ({ sha256, bytes, stages }) =>
      `SHA-256 ${sha256}; ${bytes} bytes; ${stages} stages, weights of eight bits.`,
    data: ({ many }, { name, nodes, edges, sha256 }) =>
      `${name}: ${nodes} ${many}, ${edges} edges; SHA-256 ${sha256}.`,
    sets: ({ many }, { train, validation, calibration, test }) =>
      `${train} labelled ${many} to learn from, ${validation} labelled to stop training and fit temperatures, ${calibration} without a label to prove thresholds, ${test} labelled to test.`,
    split: ({ split, setting, seed }) =>
      `Split “${split}”, setting “${setting}” (${setting === 'ind' ? 'test data was hidden from training' : 'training saw the features of the test data, not its labels'}), seed ${seed}.`,
    training: ({ teacher, structure, widths, drop }) =>
      `Teacher ${teacher}; structure ${structure}; hidden units of the stages ${widths}. Rounding to eight bits cost ${drop} points of accuracy.`,
    table: (columns) => `${columns} ready-made columns.`,
    telemetry: ({ channels, columns, window }) =>
      `${columns} columns, made from windows of ${window} of: ${channels}.`,
    samples: (count) => `${count} samples`,
    code: (version, schema) => `Dandan ${version}, bundle schema ${schema}.`,
    noLicence:
      'Not stated. The model belongs to whoever may use the data it was learnt from; state a licence with dandan report --licence. Dandan itself: MIT.',
    use: ({ many }) =>
      `To point out ${many} that people should look at, and to sort them by class, on data like that of the test.`,
    notFor:
      'Stopping machines by itself, protection of people (functional safety), decisions about persons, classes other than those above: what is none of them gets one of them all the same.',
    limits: ({ many }) =>
      `Figures hold for the test ${many} of this report. Labels are taken as true. Confidence says how sure the model is among its classes, not whether the input is like anything it has seen; watch for drift.`,
    care: 'Look at hard cases, label them, train again, compare with this report, and certify again after every change of the plant.',
    unknown: 'unknown',
  },
  ja: {
    title: 'モデルカード',
    names: {
      model: 'モデル',
      bundle: 'バンドル',
      data: 'データ',
      sets: 'データの使い方',
      split: '分割とシード',
      training: '学習',
      features: '入力',
      code: '作成',
      licence: 'ライセンス',
      use: '想定する用途',
      notFor: '向かない用途',
      limits: '限界',
      care: '手入れ',
    },
    model: ({ model, version, created, classes }) =>
      `${model}、バージョン ${version}、作成 ${created}。クラス: ${classes}。`,
    bundle: ({ sha256, bytes, stages }) =>
      `SHA-256 ${sha256}、${bytes} バイト、${stages} 段、重みは 8 ビット。`,
    data: ({ many }, { name, nodes, edges, sha256 }) =>
      `${name}: ${many} ${nodes} 個、エッジ ${edges} 本、SHA-256 ${sha256}。`,
    sets: ({ many }, { train, validation, calibration, test }) =>
      `学習用のラベル付きの${many} ${train} 個、学習の打ち切りと温度合わせ用のラベル付き ${validation} 個、しきい値の証明用のラベルなし ${calibration} 個、テスト用のラベル付き ${test} 個。`,
    split: ({ split, setting, seed }) =>
      `分割は ${split}、設定は ${setting}（${setting === 'ind' ? 'テスト用のデータは学習から隠した' : '学習はテスト用のデータの特徴を見たが、ラベルは見ていない'}）、シード ${seed}。`,
    training: ({ teacher, structure, widths, drop }) =>
      `教師 ${teacher}、構造 ${structure}、各段の隠れユニット ${widths}。8 ビットへの丸めで失った正解率は ${drop} ポイント。`,
    table: (columns) => `用意された ${columns} 列。`,
    telemetry: ({ channels, columns, window }) =>
      `次のチャンネルの ${window}の時間窓から作った ${columns} 列: ${channels}。`,
    samples: (count) => `${count} サンプル`,
    code: (version, schema) => `Dandan ${version}、バンドルの形式 ${schema}。`,
    noLicence:
      '記載なし。モデルは、学習に使ったデータの利用を許された者に属します。dandan report --licence で記載できます。Dandan 自体は MIT です。',
    use: ({ many }) =>
      `テストと同じようなデータで、人が確かめるべき${many}を知らせ、クラスごとに分けること。`,
    notFor:
      '単独で機械を止めること、人の安全の確保（機能安全）、人に関する判断、上記以外のクラス。どのクラスでもないものにも、いずれかのクラスを答えます。',
    limits: ({ many }) =>
      `数値はこの報告書のテスト用の${many}についてのものです。ラベルは正しいとみなしています。確信度はクラスの間での確からしさであり、入力が見たことのあるものに似ているかどうかは示しません。データの変化（ドリフト）に注意してください。`,
    care: '難しい例を見てラベルを付け、学習し直してこの報告書と比べ、設備が変わるたびに証明し直してください。',
    unknown: '不明',
  },
};
