// How fast the demo runs at this moment.

const WINDOW_MS = 3000;

/** Samples a second over the last few seconds. */
export function createRate() {
  const marks: { at: number; samples: number }[] = [];
  return (samples: number): number => {
    const now = performance.now();
    marks.push({ at: now, samples });
    while (marks.length > 2 && marks[0].at < now - WINDOW_MS) marks.shift();
    const [first] = marks;
    return now === first.at ? 0 : ((samples - first.samples) / (now - first.at)) * 1000;
  };
}
