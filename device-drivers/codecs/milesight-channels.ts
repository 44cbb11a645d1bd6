/**
 * The channels of Milesight's LoRaWAN sensors: one byte channel, one byte type, then a value in little
 * endian order whose length follows from both. The same channel number means other things on other
 * models (distance is 03 82 on EM310 and EM500, 04 82 on EM400), so every model has its own list.
 *
 * Names carry their unit. Facts from the decoders and README tables of Milesight's SensorDecoders.
 */
import type { Json } from '../codec.ts';
import { hexText } from './hex-text.ts';
import { shortestFloat } from './sparkplug-values.ts';

export interface ChannelValues {
  [name: string]: Json;
}

export interface Channel {
  /** Bytes of the value. */
  length: number;
  read(view: DataView): ChannelValues;
  /** Attributes of the device and records of its memory are kept apart from what it measures. */
  target?: 'attribute' | 'history';
}

/** By channel and type, e.g. "0382". */
export type Channels = Readonly<Record<string, Channel>>;

function uint16(name: string, divisor = 1): Channel {
  return { length: 2, read: (view) => ({ [name]: view.getUint16(0, true) / divisor }) };
}

function int16(name: string, divisor = 1): Channel {
  return { length: 2, read: (view) => ({ [name]: view.getInt16(0, true) / divisor }) };
}

function uint8(name: string, divisor = 1): Channel {
  return { length: 1, read: (view) => ({ [name]: view.getUint8(0) / divisor }) };
}

function uint32(name: string): Channel {
  return { length: 4, read: (view) => ({ [name]: view.getUint32(0, true) }) };
}

/** A word for each value; a value without a word is null, and not guessed. */
function words(name: string, ...values: string[]): Channel {
  return { length: 1, read: (view) => ({ [name]: values[view.getUint8(0)] ?? null }) };
}

/** Channels whose values follow each other. */
function joined(target: 'history' | undefined, ...parts: Channel[]): Channel {
  return {
    length: parts.reduce((sum, part) => sum + part.length, 0),
    ...(target !== undefined && { target }),
    read: (view) => {
      let at = view.byteOffset;
      const values: ChannelValues = {};
      for (const part of parts) {
        Object.assign(values, part.read(new DataView(view.buffer, at, part.length)));
        at += part.length;
      }
      return values;
    },
  };
}

const skipped = (length: number): Channel => ({ length, read: () => ({}) });
const history = (...parts: Channel[]) => joined('history', uint32('timestamp'), ...parts);

const battery: Channels = {
  '0175': {
    length: 1,
    // More than 100 is the sensor's word for "not known".
    read: (view) => ({ battery_pct: view.getUint8(0) > 100 ? null : view.getUint8(0) }),
  },
};

const noDistance: ReadonlyMap<number, string> = new Map([
  [0xfffd, 'no-target'],
  [0xfffe, 'disabled'],
  [0xffff, 'sensor-fault'],
]);

/** Millimetres to the goods; the three highest numbers say why there is no distance. */
const distance: Channel = {
  length: 2,
  read: (view) => {
    const raw = view.getUint16(0, true);
    const status = noDistance.get(raw);
    return status === undefined
      ? { distance_mm: raw }
      : { distance_mm: null, distance_status: status };
  },
};
/** Calibrated radar distances may be below zero. */
const signedDistance: Channel = {
  length: 2,
  read: (view) =>
    noDistance.has(view.getUint16(0, true))
      ? distance.read(view)
      : { distance_mm: view.getInt16(0, true) },
};

const temperature = int16('temperature_c', 10);
const humidity = uint8('humidity_pct', 2);
const position = words('position', 'normal', 'tilt');
const alarmWords = ['threshold_alarm_release', 'threshold_alarm', 'mutation_alarm'];
const temperatureAlarm = words('temperature_alarm', ...alarmWords);
const distanceAlarm = words('distance_alarm', ...alarmWords);
const climate: Channels = { ...battery, '0367': temperature, '0468': humidity };

const changedTemperature = joined(
  undefined,
  temperature,
  int16('temperature_change_c', 10),
  temperatureAlarm,
);

function version(name: string): Channel {
  return {
    length: 2,
    target: 'attribute',
    read: (view) => ({ [name]: `v${view.getUint8(0)}.${view.getUint8(1)}` }),
  };
}

/** Sent at joining and as replies to settings; the same on all models. */
export const commonChannels: Channels = {
  ff01: { length: 1, target: 'attribute', read: (v) => ({ ipso_version: hexText(bytesOf(v)) }) },
  ff09: {
    length: 2,
    target: 'attribute',
    read: (v) => ({ hardware_version: `v${v.getUint8(0)}.${v.getUint8(1) >> 4}` }),
  },
  ff0a: version('firmware_version'),
  ffff: version('tsl_version'),
  ff16: { length: 8, target: 'attribute', read: (v) => ({ serial_number: hexText(bytesOf(v)) }) },
  ff0f: { ...words('lorawan_class', 'A', 'B', 'C', 'C to B'), target: 'attribute' },
  ff0b: { length: 1, target: 'attribute', read: () => ({ power: 'on' }) },
  fffe: { length: 1, target: 'attribute', read: () => ({ reset: true }) },
};

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

const leak: Channels = {
  ...climate,
  '0500': words('leakage_status', 'normal', 'leak'),
  '20ce': history(temperature, humidity, words('leakage_status', 'normal', 'leak')),
};

const em400: Channels = {
  ...battery,
  '0367': temperature,
  '0482': distance,
  '0500': position,
  // Position by satellite (NB-IoT): its order of coordinates differs between the models' tables.
  '0688': skipped(9),
  '8367': joined(undefined, temperature, temperatureAlarm),
  '8482': joined(undefined, distance, distanceAlarm),
};

const liquid = {
  length: 1,
  read: (view: DataView) => {
    const names = ['uncalibrated', 'full', 'critical liquid level alert'];
    const raw = view.getUint8(0);
    return { liquid: raw === 0xff ? 'error' : (names[raw] ?? null) };
  },
};

function angle(name: string): Channel {
  return {
    length: 2,
    read: (view) => {
      const raw = view.getInt16(0, true);
      return {
        [`angle_${name}`]: (raw >> 1) / 100,
        [`threshold_${name}`]: (raw & 1) === 1 ? 'trigger' : 'normal',
      };
    },
  };
}

const tiltFlags: Channel = {
  length: 1,
  read: (view) => {
    const bits = view.getUint8(0);
    const word = (bit: number) => ((bits >> bit) & 1 ? 'trigger' : 'normal');
    return { threshold_x: word(0), threshold_y: word(1), threshold_z: word(2) };
  },
};

const water = joined(undefined, uint16('water_conv', 10), uint16('pulse_conv', 10), {
  length: 4,
  read: (view) => {
    const value = view.getFloat32(0, true);
    return { water: Number.isFinite(value) ? shortestFloat(value) : null };
  },
});

const waterAlarm: Channel = {
  length: 1,
  read: (view) => {
    const names = ['none', 'outage', 'outage_release', 'flow', 'flow_release'];
    return { water_alarm: names[view.getUint8(0)] ?? null };
  },
};

const counter: Channels = {
  ...climate,
  '0500': words('gpio', 'low', 'high'),
  '05c8': uint32('pulse'),
  '05e1': water,
  '06e1': water,
  '8500': joined(undefined, words('gpio', 'low', 'high'), words('gpio_alarm', 'release', 'alarm')),
  '85e1': joined(undefined, water, waterAlarm),
};

const em410: Channels = {
  ...battery,
  '0367': temperature,
  '0482': signedDistance,
  '0500': position,
  '06c7': int16('radar_signal_rssi', 100),
  '8482': joined(undefined, signedDistance, distanceAlarm),
  '9482': joined(undefined, signedDistance, int16('distance_mutation_mm'), distanceAlarm),
  b482: joined(
    undefined,
    signedDistance,
    words(
      'distance_exception',
      'blind_alarm_release',
      'blind_alarm',
      'no_target',
      'sensor_exception',
    ),
  ),
  '20ce': history(signedDistance, temperature, int16('distance_mutation_mm'), uint8('event')),
};

const pt100: Channels = {
  ...battery,
  '0367': temperature,
  '83d7': changedTemperature,
  '20ce': history(temperature),
};

const ambience: Channels = {
  ...climate,
  '056a': uint16('activity'),
  '0665': joined(
    undefined,
    uint16('illumination_lux'),
    uint16('infrared_and_visible'),
    uint16('infrared'),
  ),
};
const ambienceGases: Channels = {
  ...ambience,
  '077d': uint16('co2_ppm'),
  '087d': uint16('tvoc_ppb'),
  '0973': uint16('pressure_hpa', 10),
};

/** By model name as on the label, in upper case. */
export const milesightModels: Readonly<Record<string, Channels>> = {
  AM102: { ...climate, '20ce': history(temperature, humidity) },
  AM104: ambience,
  AM107: ambienceGases,
  'EM300-TH': { ...climate, '20ce': history(temperature, humidity, skipped(1)) },
  'EM300-MCS': {
    ...climate,
    '0600': words('magnet_status', 'close', 'open'),
    '20ce': history(temperature, humidity, words('magnet_status', 'close', 'open')),
  },
  'EM300-SLD': leak,
  'EM300-ZLD': leak,
  'EM300-MLD': leak,
  'EM300-DI': counter,
  'EM300-DI-HALL': counter,
  'EM300-CL': {
    ...battery,
    '03ed': liquid,
    '04ee': words('calibration_result', 'failed', 'success'),
    '83ed': joined(
      undefined,
      liquid,
      words('liquid_alarm', 'critical liquid level alarm release', 'critical liquid level alarm'),
    ),
  },
  'EM310-UDL': { ...battery, '0382': distance, '0400': position },
  'EM310-TILT': {
    ...battery,
    '03cf': joined(
      undefined,
      int16('angle_x', 100),
      int16('angle_y', 100),
      int16('angle_z', 100),
      tiltFlags,
    ),
  },
  'EM320-TH': { ...climate, '20ce': history(temperature, humidity) },
  'EM320-TILT': { ...battery, '03d4': joined(undefined, angle('x'), angle('y'), angle('z')) },
  'EM330-TH': { ...climate, '20ce': history(temperature, humidity) },
  'EM400-MUD': em400,
  'EM400-TLD': em400,
  'EM400-UDL': em400,
  'EM410-RDL': em410,
  'EM500-CO2': {
    ...climate,
    '057d': uint16('co2_ppm'),
    '0673': uint16('pressure_hpa', 10),
    '83d7': changedTemperature,
    '20ce': history(uint16('co2_ppm'), uint16('pressure_hpa', 10), temperature, humidity),
  },
  'EM500-LGT': {
    ...battery,
    '0394': uint32('illumination_lux'),
    '20ce': history(uint32('illumination_lux')),
  },
  'EM500-PP': {
    ...battery,
    '037b': uint16('pressure_kpa'),
    '20ce': history(uint16('pressure_kpa')),
  },
  'EM500-PT100': pt100,
  'EM500-SMTC': {
    ...battery,
    '0367': temperature,
    '0468': uint8('soil_moisture_pct', 2),
    '04ca': uint16('soil_moisture_pct', 10),
    // Conductivity: the unit changed between issues of the table (µS/cm, 0.01 mS/cm).
    '057f': skipped(2),
    '83d7': changedTemperature,
  },
  'EM500-SWL': { ...battery, '0377': uint16('depth_cm'), '20ce': history(uint16('depth_cm')) },
  'EM500-UDL': {
    ...battery,
    '0382': distance,
    '83e9': joined(undefined, distance, int16('distance_mutation_mm'), distanceAlarm),
    '20ce': history(distance),
  },
  WS101: {
    ...battery,
    ff08: { length: 6, target: 'attribute', read: (v) => ({ serial_number: hexText(bytesOf(v)) }) },
    ff2e: words('button_event', '', 'short press', 'long press', 'double press'),
  },
  // What remains in the box that the sensor looks into is its fill level.
  WS201: {
    ...battery,
    '0382': distance,
    '04d6': {
      length: 1,
      read: (view) => ({ remaining_pct: view.getUint8(0), fill_pct: view.getUint8(0) }),
    },
  },
  WS202: {
    ...battery,
    '0300': words('pir', 'normal', 'trigger'),
    '0400': words('daylight', 'dark', 'light'),
  },
  WS203: {
    ...climate,
    '0500': words('occupancy', 'vacant', 'occupied'),
    '8367': joined(undefined, temperature, words('temperature_abnormal', 'normal', 'abnormal')),
    '20ce': history(
      words(
        'report_type',
        'temperature resume',
        'temperature threshold',
        'pir idle',
        'pir occupancy',
        'period',
      ),
      words('occupancy', 'vacant', 'occupied'),
      temperature,
      humidity,
    ),
  },
  WS301: {
    ...battery,
    '0300': words('magnet_status', 'close', 'open'),
    '0400': words('tamper_status', 'installed', 'uninstalled'),
  },
};
