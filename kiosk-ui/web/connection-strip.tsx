import { useState } from 'react';
import { english } from '../strings/english.ts';
import type { ConnectionView, Tone } from '../view-models/connection-view.ts';

const { connection } = english;

function Light({ tone, text }: { tone: Tone; text: string }) {
  return (
    <span className={`light ${tone}`}>
      <i aria-hidden="true" />
      {text}
    </span>
  );
}

export function ConnectionStrip({ view }: { view: ConnectionView }) {
  const { eventsWaiting, devicesOnline, devicesKnown, actionsWaiting, isOld } = view;
  const hq = view.hq === 'good' ? connection.hq(0) : connection.hqAway(eventsWaiting);
  return (
    <header className="strip">
      <strong>{english.product}</strong>
      <output className="lights">
        <Light tone={view.agent} text={connection.agent[view.agent]} />
        {!isOld && <Light tone={view.hq} text={hq} />}
        {!isOld && devicesKnown > 0 && (
          <Light tone={view.devices} text={connection.devices(devicesOnline, devicesKnown)} />
        )}
        {actionsWaiting > 0 && <Light tone="attention" text={connection.actions(actionsWaiting)} />}
        {view.agent === 'bad' && <span>{connection.old}</span>}
      </output>
      <ThemeButton />
    </header>
  );
}

const themeKey = 'stockhand-theme';

/** Follows the system until someone chooses. */
function ThemeButton() {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const [theme, setTheme] = useState(
    () => localStorage.getItem(themeKey) ?? (prefersDark ? 'dark' : 'light'),
  );
  document.documentElement.dataset['theme'] = theme;
  const other = theme === 'dark' ? 'light' : 'dark';
  const change = () => {
    localStorage.setItem(themeKey, other);
    setTheme(other);
  };
  return (
    <button type="button" className="quiet" onClick={change}>
      {english[other]}
    </button>
  );
}
