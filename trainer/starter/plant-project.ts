// The files of `dandan init plant`: a line with its history, its labels, its drawing, and the
// configurations of trainer and gateway that fit them.
import { fillTemplate } from './fill-template.ts';
import { type ProjectFile, type ProjectOptions, shellPath } from './project-files.ts';
import { chooseLabels, labelSheet } from './sample/label-sheet.ts';
import { createLocalTimes } from './sample/local-time.ts';
import { PUMPS, pumpHistory } from './sample/pump-line.ts';
import { tableOf, tableOfAll } from './sample/reading-tables.ts';

/** Topics begin with it; a gateway's second level is the model. */
const SITE = 'plant-1';

const KIND = 'pump';

const topologyTable = () =>
  `from,to,kind\n${PUMPS.slice(1)
    .map((pump, index) => `${PUMPS[index]},${pump},flow\n`)
    .join('')}`;

const assetTable = () => `asset,kind\n${PUMPS.map((pump) => `${pump},${KIND}\n`).join('')}`;

export interface PlantProjectOptions extends ProjectOptions {
  /** IANA name; times of the example are in it. */
  readonly timeZone: string;
}

/** The same options give the same bytes. */
export function plantProject(options: PlantProjectOptions): ProjectFile[] {
  const { dir, model, language, timeZone } = options;
  const values = { dir: shellPath(dir), model, timeZone, site: SITE };
  const template = (name: string) => fillTemplate(`plant/${name}`, values);
  const times = createLocalTimes(timeZone);
  const history = pumpHistory('history');
  const newDay = pumpHistory('new');
  return [
    { path: 'README.md', about: 'what to do next', text: template('README.md') },
    { path: 'README.ja.md', about: 'the same in Japanese', text: template('README.ja.md') },
    {
      path: 'plant.yaml',
      about: 'what the files are, every choice with its comment',
      text: template(`${language}/plant.yaml`),
    },
    ...PUMPS.map((pump) => ({
      path: `telemetry/${pump}.csv`,
      about: `readings of ${pump}, four days`,
      text: tableOf(pump, history, times),
    })),
    {
      path: 'labels.csv',
      about: 'label sheet: a few incidents, a few stretches without one',
      text: labelSheet(chooseLabels(history.states), times),
    },
    { path: 'topology.csv', about: 'what feeds what', text: topologyTable() },
    { path: 'assets.csv', about: 'kinds of machines', text: assetTable() },
    {
      path: 'train.yaml',
      about: 'options of a training run, each with its comment',
      text: template(`${language}/train.yaml`),
    },
    {
      path: 'gateway.yaml',
      about: 'the gateway beside the line',
      text: template(`${language}/gateway.yaml`),
    },
    {
      path: 'policy.yaml',
      about: 'accuracy by day, cost by night',
      text: template(`${language}/policy.yaml`),
    },
    {
      path: 'new-day.csv',
      about: 'eight hours that training does not see, to try the gateway with',
      text: tableOfAll(newDay, times),
    },
    {
      path: 'new-day-truth.csv',
      about: 'what was wrong in them',
      text: labelSheet(newDay.states, times),
    },
  ];
}
