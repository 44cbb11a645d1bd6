/**
 * aedes as the end of the line: what a device publishes has gone into the log when aedes goes on to
 * forward it, and nobody but the log feeds consumers. So it is not forwarded, not retained and not
 * queued for anyone, which spares most of a publish's cost and every queue that could grow. Only what the
 * agent itself says to a device passes.
 */
import { Aedes, type Client, type PublishPacket } from 'aedes';

type Done = (error?: Error) => void;

export class DeviceBroker extends Aedes {
  override publish(packet: PublishPacket, from: Client | Done | null, done?: Done): void {
    // aedes calls it with the client in the middle for what devices publish; our own has none.
    if (typeof from === 'function') super.publish(packet, from);
    else done?.();
  }
}
