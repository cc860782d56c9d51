// Looks of the report, in light, in the dark and on paper. The colours of the points are
// those of Okabe & Ito, which eyes with the common colour blindnesses tell apart.
export const STYLE = `
:root { --paper: #fff; --ink: #1d2329; --soft: #5c6670; --line: #e3e7eb;
  --full: #0072b2; --pruned: #8b97a3; --best: #d55e00; --untuned: #1d2329; --failed: #b0417f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181c; --ink: #e6eaee; --soft: #9aa5b0; --line: #2b3239;
    --full: #56b4e9; --pruned: #74808c; --best: #ff9a3d; --untuned: #e6eaee; --failed: #e58bc0; }
}
@media print { :root { --paper: #fff; --ink: #000; --soft: #333; --line: #ccc; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 .75rem; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
p { max-width: 46rem; margin: .4rem 0; }
.lead { font-size: 1.1rem; }
.note, figcaption { color: var(--soft); font-size: .875rem; }
figure { margin: 0; overflow-x: auto; }
figure svg { min-width: 40rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 12.5px system-ui, sans-serif; }
svg .tick { fill: var(--soft); font-size: 11.5px; }
svg .name { font-weight: 600; }
.grid { stroke: var(--line); }
.best-so-far { fill: none; stroke: var(--best); stroke-width: 1.5; opacity: .55; }
.median { stroke: var(--ink); stroke-width: 2; opacity: .5; }
.point { stroke: var(--paper); stroke-width: 1; }
.full { fill: var(--full); }
.pruned { fill: none; stroke: var(--pruned); stroke-width: 1.5; }
.pruned path { fill: var(--pruned); stroke: none; }
.best { fill: var(--best); }
.untuned { fill: var(--untuned); }
.failed { fill: none; stroke: var(--failed); stroke-width: 2; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; }
th, td { padding: .25rem .75rem .25rem 0; text-align: right; white-space: nowrap; }
th { border-bottom: 1px solid var(--ink); font-weight: 600; }
td { border-bottom: 1px solid var(--line); }
tbody tr:first-child td { color: var(--best); font-weight: 600; }
`;
