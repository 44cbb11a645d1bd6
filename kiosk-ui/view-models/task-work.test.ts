import { describe, expect, it } from 'vitest';
import { gtinOfScan } from './product-scan.ts';
import { finishOf, startTaskWork, type TaskWork, workOnTask } from './task-work.ts';

const beans = '04006381333931';
const start = () => startTaskWork(beans, { unit: 'pieces', count: 10 }, 6);
const scan = (work: TaskWork, text: string) => workOnTask(work, { kind: 'scanned', text });

describe('doing a task', () => {
  it('is finished only after the product was confirmed', () => {
    expect(finishOf(start())).toBe('confirm-first');
    expect(finishOf(scan(start(), '4006381333931'))).toBe('done');
    expect(finishOf(workOnTask(start(), { kind: 'confirmed-by-hand' }))).toBe('done');
  });

  it('asks the agent about a code that is not the task’s, and raises an alarm that names it', () => {
    const checking = scan(start(), '4000000000013');
    expect(checking.checking).toBe('4000000000013');
    const answer = { text: '4000000000013', gtin: '04000000000013', productName: 'Milk' };
    const alarmed = workOnTask(checking, { kind: 'looked-up', ...answer });
    expect(alarmed.wrong).toMatchObject({ productName: 'Milk', alarm: 1 });
    expect(finishOf(alarmed)).toBe('confirm-first');
    expect(scan(alarmed, '4006381333931').wrong).toBeUndefined();
  });

  it('drops an answer that comes late for an earlier scan', () => {
    const confirmed = scan(scan(start(), 'case-label'), '4006381333931');
    const late = {
      kind: 'looked-up',
      text: 'case-label',
      gtin: 'other',
      productName: 'X',
    } as const;
    expect(workOnTask(confirmed, late)).toBe(confirmed);
  });

  it('asks why when less was placed', () => {
    const confirmed = scan(start(), '4006381333931');
    const less = workOnTask(confirmed, { kind: 'quantity', change: { kind: 'less' } });
    expect(less.entry.amount.count).toBe(9);
    expect(finishOf(less)).toBe('ask-short-reason');
  });

  it('steps in full cases', () => {
    const cases = workOnTask(start(), {
      kind: 'quantity',
      change: { kind: 'step-unit', unit: 'cases' },
    });
    const more = workOnTask(cases, { kind: 'quantity', change: { kind: 'more' } });
    const less = workOnTask(cases, { kind: 'quantity', change: { kind: 'less' } });
    expect([more.entry.amount.count, less.entry.amount.count]).toEqual([12, 6]);
  });
});

describe('the product in a scan', () => {
  it.each([
    ['4006381333931', beans],
    [']E04006381333931', beans],
    [']C10104006381333931', beans],
    ['https://id.gs1.org/01/04006381333931/10/LOT', beans],
    ['(01)04006381333931', beans],
    ['4006381333932', undefined],
    ['shop-label-17', undefined],
  ])('%s', (text, gtin) => {
    expect(gtinOfScan(text)).toBe(gtin);
  });
});
