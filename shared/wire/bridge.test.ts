import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BRIDGE_STATUS_FILTER,
  bridgeServes,
  createBridgeTopics,
  isEscalationResponse,
  parseEscalationRequest,
  servedGatewaySchema,
} from './bridge.ts';
import { createTopics } from './topics.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/);

test('a request names its gateway, and its answers have a place of their own', () => {
  fc.assert(
    fc.property(name, name, name, (site, gateway, worker) => {
      const { escalationRequest, escalationResponse } = createTopics({ site, gateway });
      const parsed = parseEscalationRequest(escalationRequest);
      expect(parsed).toEqual({ site, gateway });
      expect(isEscalationResponse(escalationResponse, { site, gateway })).toBe(true);
      expect(isEscalationResponse(`${escalationResponse}/${worker}`, { site, gateway })).toBe(true);
      expect(isEscalationResponse(escalationRequest, { site, gateway })).toBe(false);
      expect(parseEscalationRequest(escalationResponse)).toBeUndefined();
    }),
  );
});

test('no topic of a gateway can be taken for one of a bridge, nor the other way round', () => {
  expect(createBridgeTopics('b').status).toBe(BRIDGE_STATUS_FILTER.replace('+', 'b'));
  expect(() => createTopics({ site: '$bridge', gateway: 'b' })).toThrow('$bridge');
  expect(() => createBridgeTopics('a/b')).toThrow('a/b');
  expect(parseEscalationRequest('dandan/$bridge/b/escalation/request')).toBeUndefined();
});

test('an allow-list names gateways or all of a site, and nothing wider', () => {
  expect(bridgeServes(['a/x', 'b/*'], { site: 'a', gateway: 'x' })).toBe(true);
  expect(bridgeServes(['a/x', 'b/*'], { site: 'b', gateway: 'any' })).toBe(true);
  expect(bridgeServes(['a/x', 'b/*'], { site: 'a', gateway: 'y' })).toBe(false);
  for (const wide of ['*/*', '*', 'a/#', 'a/+', 'a', 'a/b/c', '/x', 'a/']) {
    expect(servedGatewaySchema.safeParse(wide).success).toBe(false);
  }
});
