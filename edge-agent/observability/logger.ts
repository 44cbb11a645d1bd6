/** Structured log lines by pino: an event name and fields, in JSON on standard output. */
import pino from 'pino';
import type { Log } from '../ports.ts';

/** Fields that must never reach a log line, wherever they stand. */
const secretPaths = ['pin', 'secret', 'password', 'badge', 'token', '*.pin', '*.secret', '*.token'];

export function createLogger(level: string): Log {
  const logger = pino({
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor: '[hidden]' },
    serializers: { err: pino.stdSerializers.err },
  });
  return {
    debug: (fields, event) => logger.debug(fields, event),
    info: (fields, event) => logger.info(fields, event),
    warn: (fields, event) => logger.warn(fields, event),
    error: (fields, event) => logger.error(fields, event),
  };
}
