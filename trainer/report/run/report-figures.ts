// The figures of a run's report under keys that scripts may rely on. Accuracies are in percent.
import { percent } from '../../evaluate/figures.ts';
import { balancedAccuracy, classFigures, confusionOf, macroF1 } from './facts/class-figures.ts';
import { incidentNumbers } from './facts/incident-numbers.ts';
import { reliabilityOf } from './facts/reliability.ts';
import { MODELS, type RunFacts } from './facts/run-facts.ts';
import { sameShare, spentShare } from './facts/stage-costs.ts';

const rounded = (share: number | undefined) => (share === undefined ? null : percent(share));

function incidentFigures({ incidents, manifest }: RunFacts) {
  if (incidents.kind !== 'judged') return { judged: false, reason: incidents.kind };
  const { basis, normal, rates, judgement } = incidents;
  const { judged, seen, named, medianMs, falsePerDay } = incidentNumbers(incidents, judgement);
  return {
    judged: true,
    basis,
    normal: manifest.classes[normal],
    incidents: judged,
    noticed: seen,
    named,
    medianDelayMs: medianMs ?? null,
    falseAlarms: judgement.falseAlarms,
    falseAlarmsPerDay: falsePerDay ?? null,
    f1: rounded(rates.f1),
    falseAlarmRate: rounded(rates.falseAlarmRate),
    missedAlarmRate: rounded(rates.missedAlarmRate),
  };
}

export function reportFigures(facts: RunFacts) {
  const { manifest, truth, models, trace, untempered, day, grouped } = facts;
  const { classes } = manifest;
  const last = manifest.stages.length - 1;
  const measured = MODELS.map((model) => {
    const counts = confusionOf(truth, models[model].classes, classes.length);
    const figures = classFigures(counts);
    const { ece } = reliabilityOf(truth, models[model].classes, models[model].confidence);
    return {
      model,
      counts,
      figures,
      told: {
        accuracy: percent(sameShare(models[model].classes, truth)),
        balancedAccuracy: percent(balancedAccuracy(figures)),
        macroF1: percent(macroF1(figures)),
        ece: percent(ece),
      },
    };
  });
  const [own] = measured;
  return {
    model: manifest.model,
    bundle: facts.sha256,
    nodes: truth.length,
    models: Object.fromEntries(measured.map(({ model, told }) => [model, told])),
    classes: classes.map((name, c) => {
      const { support, precision, recall, f1 } = own.figures[c];
      return {
        name,
        support,
        precision: rounded(precision),
        recall: rounded(recall),
        f1: rounded(f1),
      };
    }),
    confusion: own.counts,
    macsShare: spentShare(facts, day.macs),
    disagreement: 1 - sameShare(grouped.classes, grouped.fullClasses),
    ece: {
      before: percent(
        reliabilityOf(truth, untempered.classes[last], untempered.confidence[last]).ece,
      ),
      after: percent(reliabilityOf(truth, trace.classes[last], trace.confidence[last]).ece),
    },
    incidents: incidentFigures(facts),
  };
}
