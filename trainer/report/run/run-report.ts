// The report of a run in one language: a manager's page, then the sections of engineers.
import type { RunFacts } from './facts/run-facts.ts';
import type { RunBlock } from './run-block.ts';
import { createSay, type Language } from './say.ts';
import { besideSection } from './sections/beside-section.ts';
import { cardSection } from './sections/card-section.ts';
import { classSection, confusionSection } from './sections/class-section.ts';
import { costSection } from './sections/cost-section.ts';
import { failureSection } from './sections/failure-section.ts';
import { fairnessSection } from './sections/fairness-section.ts';
import { incidentSection } from './sections/incident-section.ts';
import { notesBlock } from './sections/notes-section.ts';
import { promiseSection } from './sections/promise-section.ts';
import { reliabilitySection } from './sections/reliability-section.ts';
import { summarySection } from './sections/summary-section.ts';
import { SUMMARY_WORDS } from './sections/summary-words.ts';

export interface RunReport {
  readonly language: Language;
  readonly title: string;
  readonly blocks: readonly RunBlock[];
}

const SECTIONS = [
  classSection,
  besideSection,
  costSection,
  promiseSection,
  incidentSection,
  confusionSection,
  reliabilitySection,
  failureSection,
  fairnessSection,
  cardSection,
];

export function createRunReport(facts: RunFacts, language: Language): RunReport {
  const { places } = facts.graph;
  const unit = places === undefined ? 'node' : 'window';
  const say = createSay({ language, unit, timeZone: places?.timeZone });
  return {
    language,
    title: SUMMARY_WORDS[language].title(facts.manifest.model),
    blocks: [
      ...summarySection(facts, say, notesBlock(facts, say)),
      ...SECTIONS.flatMap((create) => create(facts, say)),
    ],
  };
}
