/** A GS1 Digital Link URI, as read from a QR code, as GS1 data. */
import type { Codec } from '../codec.ts';
import { readDigitalLink, writeDigitalLink } from '../gs1/digital-link.ts';
import { elementReading, elementsOf } from './gs1-scan.ts';
import { digitalLinkContextSettings, digitalLinkSettings } from './gs1-settings.ts';
import { payloadDecoder } from './payload-decoder.ts';
import { scanBytes } from './scan-text.ts';

const canonicalStem = 'https://id.gs1.org';

export const gs1DigitalLink: Codec = {
  protocol: 'gs1-digital-link',
  title: 'GS1 Digital Link URI',
  group: 'barcode',
  source: 'GS1 Digital Link Standard: URI Syntax; GS1 Barcode Syntax Engine 1.4.1 (dl.c)',
  line: '',
  settings: digitalLinkContextSettings,
  decoder: ({ context }) => {
    const settings = digitalLinkSettings(context);
    return payloadDecoder((text) =>
      elementReading(null, readDigitalLink(text, settings), settings.currentYear),
    );
  },
  encode: (meaning, context) => {
    const stem = typeof context.stem === 'string' ? context.stem : canonicalStem;
    return scanBytes(writeDigitalLink(elementsOf(meaning), stem));
  },
};
