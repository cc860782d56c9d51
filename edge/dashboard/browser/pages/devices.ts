// Gateways: what they run, and how a new one gets its key.
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { moment, short, whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { ask } from '../ui/ask.ts';
import { badge, card, nothing } from '../ui/card.ts';
import { attempt } from '../ui/notice.ts';
import { table } from '../ui/table.ts';
import type { Page, PageContext } from './page.ts';

type Device = Awaited<ReturnType<typeof readDevices>>[number];

const readDevices = async () => (await edge('get', '/v1/devices')).devices;

interface Line {
  readonly device: Device;
  readonly model: Device['models'][number] | undefined;
}

/** A gateway that runs several models has a line for each. */
function linesOf(device: Device): Line[] {
  const models = device.models.length === 0 ? [undefined] : device.models;
  return models.map((model) => ({ device, model }));
}

function stateOf({ device, model }: Line): HTMLElement | string {
  if (device.removed !== null) return badge(t('devices.removed'));
  if (model === undefined) return '';
  return model.state === 'running'
    ? badge(t('devices.state.running'), 'good')
    : badge(t('devices.state.failed', { reason: model.reason }), 'bad');
}

function removal({ device }: Line, { refresh }: PageContext): HTMLElement | string {
  const { id, removed } = device;
  if (removed !== null) return '';
  const click = () =>
    attempt(async () => {
      if (!(await ask(t('devices.remove.ask', { name: id }), t('devices.remove')))) return;
      await edge('delete', '/v1/devices/{device}', { params: { device: id } });
      await refresh();
    });
  return h('button', { class: 'quiet', onclick: () => void click() }, t('devices.remove'));
}

function list(devices: readonly Device[], context: PageContext): HTMLElement {
  if (devices.length === 0) return nothing(t('devices.none'));
  return table({
    label: t('nav.devices'),
    rows: devices.flatMap(linesOf),
    columns: [
      { title: t('devices.name'), cell: ({ device }) => device.id },
      { title: t('devices.lastSeen'), cell: ({ device }) => moment(device.lastSeen) },
      {
        title: t('devices.runs'),
        cell: ({ model }) =>
          model && [
            `${model.model}/${model.channel} ${model.release} `,
            h('code', {}, short(model.bundle)),
          ],
      },
      { title: t('devices.state'), cell: stateOf },
      { title: t('devices.rows'), numeric: true, cell: ({ model }) => model && whole(model.rows) },
      {
        title: t('devices.errors'),
        numeric: true,
        cell: ({ model }) => model && whole(model.errors),
      },
      { title: t('devices.software'), cell: ({ device }) => device.software },
      { title: '', cell: (line) => removal(line, context) },
    ],
  });
}

/** The last code, shown until it expires: it may be typed off a phone, and the page is loaded anew. */
let issued: { readonly code: string; readonly expires: string } | undefined;

function instructions(): HTMLElement[] {
  if (issued === undefined || Date.parse(issued.expires) < Date.now()) return [];
  const { code, expires } = issued;
  const command = `dandan-gateway enrol --edge ${location.origin} --key-file edge.key --code ${code}`;
  return [h('p', {}, t('devices.enrol.code', { time: moment(expires) })), h('pre', {}, command)];
}

function enrolment(): HTMLElement {
  const answer = h('div', { 'aria-live': 'polite' }, instructions());
  const name = h('input', { name: 'device', required: true, pattern: '[A-Za-z0-9_.:\\-]{1,64}' });
  const submit = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      issued = await edge('post', '/v1/enrolments', { json: { device: name.value } });
      answer.replaceChildren(...instructions());
    });
  };
  return card(
    t('devices.enrol'),
    h(
      'form',
      { class: 'choices', onsubmit: submit },
      h('label', {}, t('devices.enrol.name'), name),
      h('button', {}, t('devices.enrol.submit')),
    ),
    answer,
  );
}

export const devices: Page = {
  async load(context) {
    return [card(t('nav.devices'), list(await readDevices(), context)), enrolment()];
  },
};
