import { describe, expect, test } from 'vitest';
import { answerChecksums, checkWord, parsePolynomial } from './dialog06-checksum.ts';
import {
  continueWeighing,
  startWeighing,
  type WeighingInput,
  type WeighingOrder,
  type WeighingStep,
} from './dialog06-weighing.ts';

const order: WeighingOrder = { unitPrice: 1000, checksum: 1 };
const ack: WeighingInput = { kind: 'ack' };
const nak: WeighingInput = { kind: 'nak' };
const because = (code: string, error: string): WeighingInput => ({
  kind: 'status-record',
  code,
  error,
});
const request: WeighingInput = { kind: 'checksum-request', random: '47' };
const weighing: WeighingInput = {
  kind: 'weighing',
  weight: { value: '0.500', unit: 'kg' },
  unit_price: 1000,
  total: 500,
};

/** Plays answers of the scale, up to the end of the weighing; names what the till sent. */
function play(of: WeighingOrder, inputs: readonly WeighingInput[]) {
  let step: WeighingStep = startWeighing(of);
  const sent = step.send.map((command) => command['name']);
  for (const input of inputs) {
    if (step.state === undefined) {
      throw new Error('the weighing was over before the last answer');
    }
    step = continueWeighing(step.state, input);
    sent.push(...step.send.map((command) => command['name']));
  }
  return { sent, step };
}

describe('a weighing', () => {
  test('asks for the result once the price was taken, and thanks for each answer', () => {
    const { sent, step } = play(order, [ack, weighing]);
    expect(sent).toEqual(['price', 'end', 'result', 'end']);
    expect(step.result).toEqual(weighing);
    expect(step.state).toBeUndefined();
  });

  test('asks again while the scale is in motion', () => {
    const { sent, step } = play(order, [ack, nak, because('20', 'motion'), weighing]);
    expect(sent).toEqual(['price', 'end', 'result', 'end', 'status', 'end', 'result', 'end']);
    expect(step.result).toEqual(weighing);
  });

  test('starts again after any other reason, and gives up with it in the end', () => {
    const once = [nak, because('31', 'under-zero')];
    const { sent, step } = play(order, [...once, ...once, ...once, ...once]);
    expect(sent.filter((name) => name === 'price')).toHaveLength(4);
    expect(step.result).toEqual({ kind: 'error', error: 'under-zero' });
  });

  test('gives up on a scale that never comes to rest', () => {
    let step = continueWeighing(startState(order), ack);
    let rounds = 0;
    while (step.state !== undefined && rounds < 1000) {
      const asked = continueWeighing(step.state, nak);
      step = asked.state === undefined ? asked : continueWeighing(asked.state, motion);
      rounds += 1;
    }
    expect(step.result).toEqual({ kind: 'error', error: 'motion' });
    expect(rounds).toBeLessThan(100);
  });

  test('starts again after silence', () => {
    const { sent } = play(order, ['silence', ack, weighing]);
    expect(sent).toEqual(['price', 'end', 'price', 'end', 'result', 'end']);
  });

  test('proves its checksums when the scale asks, then repeats the weighing', () => {
    const licensed = { ...order, polynomial: parsePolynomial('1021') };
    const valid: WeighingInput = { kind: 'checksum-result', valid: true };
    const { sent, step } = play(licensed, [request, ack, valid, ack, weighing]);
    expect(sent).toEqual([
      ...['price', 'end', 'checksums', 'end', 'result'],
      ...['end', 'price', 'end', 'result', 'end'],
    ]);
    expect(step.result).toEqual(weighing);
  });

  test('says so when the polynomial is not licensed', () => {
    expect(play(order, [request]).step.result).toEqual({
      kind: 'error',
      error: 'checksum-polynomial-missing',
    });
  });

  test('never takes a result that it has not asked for', () => {
    const { step } = play(order, [weighing]);
    expect(step.result).toBeUndefined();
  });

  test('sends tare and text where the order has them', () => {
    const [command] = startWeighing({ ...order, tareGrams: 50, text: 'Apples' }).send;
    expect(command).toMatchObject({ name: 'price-tare-text', tare_grams: 50, text: 'Apples' });
  });
});

const motion = because('20', 'motion');

function startState(of: WeighingOrder) {
  const { state } = startWeighing(of);
  if (state === undefined) {
    throw new Error('a weighing starts');
  }
  return state;
}

describe('the checksum duty', () => {
  test('the check word is the remainder by the polynomial', () => {
    expect(checkWord(0x0001, 0x1021)).toBe(0x1021);
    expect(checkWord(0x0000, 0x1021)).toBe(0);
    // CRC-16/XMODEM of the two bytes 31 32 is 20B5 in the public catalogue of CRCs.
    expect(checkWord(0x3132, 0x1021)).toBe(0x20b5);
  });

  test('the random number says how far to rotate', () => {
    expect(answerChecksums(1, '47', 0x1021)).toEqual({ checksum: '0010', check: '4220' });
    expect(answerChecksums(0x8001, '10', 0x1021).checksum).toBe('0003');
  });

  test('a polynomial is four hexadecimal digits', () => {
    expect(parsePolynomial('11021')).toBe(0x1021);
    expect(() => parsePolynomial('xyz')).toThrow(RangeError);
  });
});
