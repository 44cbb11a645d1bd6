/**
 * A device on MQTT, as firmware would be: its own credentials, a last will, QoS 1, and everything sent
 * again until it is acknowledged.
 */
import { connect, type MqttClient } from 'mqtt';

export interface MqttDeviceOptions {
  deviceId: string;
  secret: string;
  storeGln: string;
  port: number;
  /** The authority that signed the agent's certificate. */
  authorityPem: string;
}

export class MqttDevice {
  readonly #client: MqttClient;
  readonly #prefix: string;

  constructor(options: MqttDeviceOptions) {
    const { deviceId, secret, storeGln, port, authorityPem } = options;
    this.#prefix = `stockhand/v1/${storeGln}/${deviceId}`;
    this.#client = connect({
      protocol: 'mqtts',
      host: 'localhost',
      port,
      ca: authorityPem,
      clientId: deviceId,
      username: deviceId,
      password: secret,
      reconnectPeriod: 1_000,
      // A session on the broker is of no use: what is unacknowledged waits in the device.
      clean: true,
      will: { topic: `${this.#prefix}/state`, payload: '{"online":false}', qos: 1, retain: false },
    });
    // The client connects again by itself; without a listener an error would end the process.
    this.#client.on('error', () => {});
  }

  publish(channel: 'reading' | 'sale', json: string): void {
    this.#client.publish(`${this.#prefix}/${channel}`, json, { qos: 1 });
  }

  async stop(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
