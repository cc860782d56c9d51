// Entry of the Worker.
import { createApp } from './app.ts';
import type { Bindings } from './env.ts';
import { scheduled } from './scheduled.ts';

export { Meter } from './meter/meter.ts';

const app = createApp();

export default { fetch: app.fetch, scheduled } satisfies ExportedHandler<Bindings>;
