import { sparkplugB } from '@stockhand/device-drivers/codecs/sparkplug-b.ts';
import { expect, test } from 'vitest';
import { type ForeignRoute, ForeignTopics } from './foreign-topics.ts';

const route: ForeignRoute = {
  topics: 'spBv1.0/store/#',
  protocol: 'sparkplug-b',
  gateway: 'node-1',
  settings: {},
};

function message(type: string, seq: number) {
  const meaning = { kind: 'sparkplug', type, group: 'store', node: 'node-1', seq };
  const metrics = { 'Shelf/level_pct': 40 + seq };
  return sparkplugB.encode({ ...meaning, metrics }, {});
}

test('a message that did not reach the disk is no gap when it comes again', () => {
  const foreign = new ForeignTopics([route]);
  const read = (type: string, seq: number) =>
    foreign.read(route, `spBv1.0/store/${type}/node-1`, message(type, seq));
  read('NBIRTH', 0).settle(true);
  const [first, second] = [read('NDATA', 1), read('NDATA', 2)];
  expect([first, second].flatMap(({ refusals }) => refusals)).toEqual([]);
  first.settle(false);
  second.settle(false);
  expect(read('NDATA', 1).refusals).toEqual([]);
  expect(read('NDATA', 2).refusals).toEqual([]);
  expect(read('NDATA', 4).refusals).toMatchObject([{ reason: 'sparkplug-gap' }]);
});

test('a gateway may use and hear its own topics only', () => {
  const foreign = new ForeignTopics([route]);
  expect(foreign.routeOf('spBv1.0/store/NDATA/node-1', 'node-1')).toBe(route);
  expect(foreign.routeOf('spBv1.0/store/NDATA/node-1', 'node-2')).toBeUndefined();
  expect(foreign.mayListen('node-1', 'spBv1.0/store/NCMD/node-1')).toBe(true);
  expect(foreign.mayListen('node-1', 'stockhand/v1/#')).toBe(false);
});
