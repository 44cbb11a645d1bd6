import { useEffect, useState } from 'react';

const tickMs = 1_000;

/** The kiosk's clock, Unix milliseconds; ticks each second. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
