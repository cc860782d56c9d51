// The files of `dandan init graph`: a graph folder and the options of a training run.
import { fillTemplate } from './fill-template.ts';
import { type ProjectFile, type ProjectOptions, shellPath } from './project-files.ts';
import { partGraph } from './sample/part-graph.ts';

/** The same options give the same bytes. */
export function graphProject({ dir, model, language }: ProjectOptions): ProjectFile[] {
  const values = { dir: shellPath(dir), model };
  const template = (name: string) => fillTemplate(`graph/${name}`, values);
  const { edges, labels, features } = partGraph();
  return [
    { path: 'README.md', about: 'what to do next', text: template('README.md') },
    { path: 'README.ja.md', about: 'the same in Japanese', text: template('README.ja.md') },
    { path: 'edges.csv', about: 'which nodes are neighbours', text: edges },
    { path: 'labels.csv', about: 'classes, empty where nobody knows', text: labels },
    { path: 'features.csv', about: 'what is known of each node', text: features },
    {
      path: 'train.yaml',
      about: 'options of a training run, each with its comment',
      text: template(`${language}/train.yaml`),
    },
  ];
}
