// Acknowledgements that wait until a message is safe. The library sends PUBACK when its handler
// returns, and its public hooks for a later one stop reading until then: one message a disk write.
import type { MqttClient, Packet } from 'mqtt';

export interface HeldAcknowledgements {
  /** Keeps back the PUBACK of the message being handled; the returned function sends it. */
  hold(packetId: number): () => void;
}

type Send = (packet: Packet, callback?: () => void, ...rest: unknown[]) => void;

/** Takes the acknowledgements of `client` in hand. */
export function createHeldAcknowledgements(client: MqttClient): HeldAcknowledgements {
  // The one private method this project touches: the version is pinned, and the contract suite
  // sees on every broker that nothing is acknowledged before its time.
  const inner = client as unknown as { _sendPacket: Send };
  const send = inner._sendPacket.bind(client);
  /** `due`: the library has wanted to send it. */
  const held = new Map<number, { due: boolean }>();

  inner._sendPacket = (packet, callback, ...rest) => {
    const own = packet.cmd === 'puback' ? held.get(packet.messageId as number) : undefined;
    if (own === undefined) {
      send(packet, callback, ...rest);
      return;
    }
    own.due = true;
    callback?.();
  };

  return {
    hold(packetId) {
      const own = { due: false };
      held.set(packetId, own);
      return () => {
        if (held.get(packetId) !== own) return;
        held.delete(packetId);
        if (own.due && client.connected)
          send({ cmd: 'puback', messageId: packetId, reasonCode: 0 });
      };
    },
  };
}
