// The OpenAPI document as a page to read: no script, nothing from elsewhere.
import { html } from 'hono/html';
import type { JsonSchema } from '../openapi/documented.ts';

type Html = ReturnType<typeof html>;

interface Media {
  readonly schema: JsonSchema;
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, Media>> }
    >
  >;
}

/** What the page reads of a document that `createDocument` made. */
interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

const SCHEMAS = '#/components/schemas/';

/** `post-v1-keys`: an address within the page. */
const anchorOf = (method: string, path: string) =>
  `${method}${path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/-$/, '')}`;

/** Text whose `parts in backticks` are code. */
const prose = (text: string | undefined): Html[] =>
  (text ?? '')
    .split('`')
    .map((part, i) => (i % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));

/** A schema in one line: the name it has, or what it allows. */
function inShort(schema: JsonSchema): Html {
  const { $ref, type, enum: choices, pattern, minimum, maximum, description } = schema;
  if (typeof $ref === 'string' && $ref.startsWith(SCHEMAS)) {
    const name = $ref.slice(SCHEMAS.length);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  const bounds = [
    minimum !== undefined ? `at least ${minimum}` : '',
    maximum !== undefined && Number(maximum) < Number.MAX_SAFE_INTEGER ? `at most ${maximum}` : '',
    typeof pattern === 'string' ? pattern : '',
  ].filter((text) => text !== '');
  const kind = Array.isArray(choices) ? choices.join(' | ') : String(type ?? 'any');
  return html`<code>${[kind, ...bounds].join(', ')}</code> ${description ?? ''}`;
}

function contents(content: Readonly<Record<string, Media>>): Html {
  const rows = Object.entries(content).map(
    ([type, { schema }]) => html`<li><code>${type}</code>: ${inShort(schema)}</li>`,
  );
  return html`<ul>${rows}</ul>`;
}

/** Kinds of answer behind its description. */
const inLine = (content: Readonly<Record<string, Media>>): Html[] =>
  Object.entries(content).map(
    ([type, { schema }]) => html` · <code>${type}</code> ${inShort(schema)}`,
  );

function parametersOf({ parameters = [] }: Operation): Html {
  if (parameters.length === 0) return html``;
  const rows = parameters.map(
    ({ name, in: place, required, schema }) => html`<tr>
      <td><code>${name}</code></td><td>${place}${required ? ', required' : ''}</td>
      <td>${inShort(schema)}</td>
    </tr>`,
  );
  return html`<h3>Parameters</h3><div class="scroll" tabindex="0"><table>
    <thead><tr><th scope="col">Name</th><th scope="col">Where</th><th scope="col">What</th></tr></thead>
    <tbody>${rows}</tbody></table></div>`;
}

function operation(method: string, path: string, own: Operation): Html {
  const answers = Object.entries(own.responses).map(
    ([status, { description, content }]) => html`<tr>
      <td><code>${status}</code></td><td>${prose(description)}${content ? inLine(content) : ''}</td>
    </tr>`,
  );
  return html`<section aria-labelledby="${anchorOf(method, path)}">
    <h2 id="${anchorOf(method, path)}"><span class="method">${method}</span> <code>${path}</code></h2>
    <p><strong>${own.summary}.</strong> ${prose(own.description)}</p>
    <p class="soft">${own.security ? 'Needs a key.' : 'Open.'}</p>
    ${parametersOf(own)}
    ${own.requestBody ? html`<h3>Body</h3>${contents(own.requestBody.content)}` : ''}
    <h3>Answers</h3><div class="scroll" tabindex="0"><table>
      <thead><tr><th scope="col">Status</th><th scope="col">What</th></tr></thead>
      <tbody>${answers}</tbody></table></div>
  </section>`;
}

function schemaOf(name: string, schema: JsonSchema): Html {
  return html`<details id="schema-${name}"><summary><code>${name}</code></summary>
    <pre tabindex="0">${JSON.stringify(schema, null, 2)}</pre></details>`;
}

/** @param style address of the style sheet. */
export function docsPage(given: JsonSchema, style: string): Html {
  const { info, paths, components } = given as unknown as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, own]) => ({ method, path, own })),
  );
  const links = operations.map(
    ({ method, path, own }) =>
      html`<li><a href="#${anchorOf(method, path)}">${own.summary}</a></li>`,
  );
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${info.title}: interface</title><link rel="stylesheet" href="${style}"></head><body>
    <header><h1>${info.title}</h1>
      <p>${prose(info.description)}</p>
      <p class="soft">Version ${info.version}. For machines: <a href="/openapi.json">openapi.json</a>.
        Send keys as <code>Authorization: Bearer …</code>.</p></header>
    <nav aria-label="Routes"><ul>${links}</ul></nav>
    <main>${operations.map(({ method, path, own }) => operation(method, path, own))}
      <h2>Schemas</h2>
      ${Object.entries(components.schemas).map(([name, schema]) => schemaOf(name, schema))}
    </main></body></html>`;
}
