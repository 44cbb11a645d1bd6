import { describe, expect, it } from 'vitest';
import { figuresOf, lineOf } from './status-line.ts';

const metrics = `# HELP stockhand_readings_total Inputs
stockhand_readings_total{kind="weight-plate",result="accepted"} 120
stockhand_readings_total{kind="till",result="accepted"} 30
stockhand_log_events 1473
stockhand_open_tasks 60
stockhand_on_shelf_availability_ratio 0.9833
stockhand_sync_waiting_events 7
stockhand_sync_connected 1
`;

describe('the live line of npm start', () => {
  it('reads its figures from the metrics', () => {
    expect(lineOf(figuresOf(metrics), 51.1)).toBe(
      '51.1 readings/s   1473 events   60 open tasks   98.3 % on shelf   HQ 7 behind',
    );
  });

  it('says when HQ is away', () => {
    const away = figuresOf(metrics.replace('connected 1', 'connected 0'));
    expect(lineOf(away, 0)).toContain('HQ away, 7 waiting');
  });
});
