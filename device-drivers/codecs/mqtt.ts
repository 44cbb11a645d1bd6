/** Codecs of MQTT payloads from devices that speak their own language. */
import type { Codec } from '../codec.ts';
import { chirpstack } from './chirpstack.ts';
import { eslKesl } from './esl-kesl.ts';
import { genericJson } from './generic-json.ts';
import { milesight } from './milesight.ts';
import { sparkplugB } from './sparkplug-b.ts';
import { tasmota } from './tasmota.ts';
import { zebraIotc } from './zebra-iotc.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

export const mqttCodecs: readonly Codec[] = [
  sparkplugB,
  zebraIotc,
  chirpstack,
  milesight,
  zigbee2mqtt,
  tasmota,
  eslKesl,
  genericJson,
];
