import { timeLeftText } from '../strings/decision-words.ts';
import { clockTone, timeLeft } from '../view-models/time-left.ts';

interface ClockProps {
  deadlineMs: number;
  nowMs: number;
}

/** A clock that runs towards a deadline: "12 min left". */
export function ClockText({ deadlineMs, nowMs }: ClockProps) {
  return (
    <span className={`clock ${clockTone(deadlineMs, nowMs)}`}>
      {timeLeftText(timeLeft(deadlineMs, nowMs))}
    </span>
  );
}
