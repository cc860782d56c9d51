// The peer: one route, no key, no body, no storage.
import { Hono } from 'hono';

const app = new Hono();
app.get('/', (c) => c.json({ ok: true }));

export default app;
