/** Style of the interface's page: one column, light and dark, readable on a phone. */
export const DOCS_STYLE = `
:root{color-scheme:light dark;--ink:#1c1f24;--soft:#5b626d;--line:#e0e4e9;--paper:#fff;--box:#f5f7f9;--link:#005a9c}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#a3abb7;--line:#2f3640;--paper:#14171c;--box:#1d2229;--link:#62b8ee}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:56rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
h1{margin:0 0 .25rem;font-size:1.75rem}
h2{margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:1.15rem}
h3{margin:1.25rem 0 .25rem;font-size:1rem}
a{color:var(--link)}
code{overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,Consolas,monospace;font-size:.9em}
pre{margin:.5rem 0;padding:.75rem;overflow-x:auto;background:var(--box);border-radius:.4rem}
nav ul{padding-left:1.1rem;columns:2 20rem}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th,td{padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{color:var(--soft);font-weight:600}
.method{text-transform:uppercase;font-weight:700}
.soft{color:var(--soft)}
summary{cursor:pointer;padding:.25rem 0}
`;
