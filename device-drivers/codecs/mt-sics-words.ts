/** The words of MT-SICS: commands, IDs of weight replies and errors. */

import type { CommandWord } from './commands.ts';

export interface MtSicsCommand extends CommandWord {
  /** What follows the word: a weight with its unit, or a text; nothing when absent. */
  takes?: 'weight' | 'text';
}

/** Level 0 and 1 of the command set, and the readings in the displayed unit (SU, SIU, SIRU). */
export const mtSicsCommands: readonly MtSicsCommand[] = [
  { wire: 'S', name: 'send-stable', also: ['stable', 'stable-weight', 'weight-stable'] },
  { wire: 'SI', name: 'send-immediate', also: ['weight', 'immediate', 'weight-immediate'] },
  { wire: 'SIR', name: 'send-repeat', also: ['repeat', 'stream', 'weight-repeat'] },
  { wire: 'SR', name: 'send-on-change', also: ['on-change'] },
  { wire: 'SU', name: 'send-stable-displayed' },
  { wire: 'SIU', name: 'send-immediate-displayed' },
  { wire: 'SIRU', name: 'send-repeat-displayed' },
  { wire: 'Z', name: 'zero' },
  { wire: 'ZI', name: 'zero-immediate', also: ['zero-immediately'] },
  { wire: 'T', name: 'tare' },
  { wire: 'TI', name: 'tare-immediate', also: ['tare-immediately'] },
  { wire: 'TA', name: 'query-tare', also: ['tare-query', 'get-tare', 'tare-value'] },
  { wire: 'TA', name: 'set-tare', also: ['tare-set', 'preset-tare'], takes: 'weight' },
  { wire: 'TAC', name: 'clear-tare', also: ['tare-clear'] },
  { wire: 'I0', name: 'list-commands', also: ['commands'] },
  { wire: 'I1', name: 'query-level', also: ['level'] },
  { wire: 'I2', name: 'query-device', also: ['model'] },
  { wire: 'I3', name: 'query-software', also: ['software-version'] },
  { wire: 'I4', name: 'query-serial-number', also: ['serial-number'] },
  { wire: 'I5', name: 'query-software-id' },
  { wire: 'I10', name: 'query-name', also: ['name'] },
  { wire: 'I10', name: 'set-name', takes: 'text' },
  { wire: 'D', name: 'display', takes: 'text' },
  { wire: 'DW', name: 'display-weight' },
  { wire: '@', name: 'reset', also: ['cancel'] },
];

/** Replies with these IDs carry a weight. Most scales answer all of them with `S`. */
export const weightIds: readonly string[] = ['S', 'SI', 'SIR', 'SR', 'SU', 'SIU', 'SIRU', 'SRU'];

/** Errors that come without an ID, by their two letters. */
export const errorsWithoutId: Readonly<Record<string, string>> = {
  ES: 'syntax',
  ET: 'transmission',
  EL: 'logical',
};
