// The peer: a bare client of the same library that publishes every message again.
import { connect } from 'mqtt';

const [url, prefix] = process.argv.slice(2);
const client = connect(url, {
  protocolVersion: 5,
  clientId: 'bench-echo',
  clean: false,
  properties: { sessionExpiryInterval: 3600, receiveMaximum: 2000 },
});
client.on('message', (topic, payload) => {
  client.publish(topic.replace('/telemetry/', '/echo/'), payload, { qos: 1 });
});
client.on('connect', () => {
  client.subscribe(`${prefix}/telemetry/#`, { qos: 1 }, () => process.stderr.write('ready\n'));
});
