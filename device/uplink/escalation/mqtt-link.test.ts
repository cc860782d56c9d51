import { connectLink, connectTo, startBridge } from '../../testing/bridge-link.ts';
import type { EdgeServer } from '../../testing/edge-server.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { TEST_SITE } from '../../testing/probe.ts';
import { testEdgeLink } from './edge-link.contract.ts';
import type { EdgeLink } from './edge-link.ts';

const SECRET = 'shared-between-gateway-and-bridge';

async function start(edge: EdgeServer, secret?: string) {
  const broker = await startMosquitto();
  const name = `${TEST_SITE.site}/${TEST_SITE.gateway}`;
  const secrets = new Map(secret === undefined ? [] : [[name, secret] as const]);
  const bridge = await startBridge(broker.url, edge.url, { secrets });
  const transport = await connectTo(broker.url);
  // One per timeout: a link holds the subscription of its gateway.
  const links = new Map<number, EdgeLink>();
  const options = secret === undefined ? {} : { secret };
  for (const timeoutMs of [50, 2000, 5000]) {
    const own = await connectTo(broker.url);
    links.set(timeoutMs, await connectLink(own, { timeoutMs, ...options }));
    closers.push(() => own.close());
  }
  return {
    create: (timeoutMs: number) => links.get(timeoutMs) as EdgeLink,
    async dispose() {
      await Promise.all(closers.splice(0).map((close) => close()));
      await transport.close();
      await bridge.stop();
      await broker.dispose();
    },
  };
}

const closers: (() => Promise<void>)[] = [];

testEdgeLink({ title: 'MQTT 5 and a bridge', skip: skipMosquitto, start: (edge) => start(edge) });

testEdgeLink({
  title: 'MQTT 5 and a bridge, sealed',
  skip: skipMosquitto,
  start: (edge) => start(edge, SECRET),
});
