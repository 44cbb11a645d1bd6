import { useEffect, useState } from 'react';
import { english } from '../../strings/english.ts';
import { enterPin, isCompletePin, type PinKey } from '../../view-models/pin-entry.ts';
import type { Kiosk } from '../use-kiosk.ts';

const { signIn: words } = english;
const keys: readonly PinKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'delete', '0'];

export function SignInScreen({ kiosk }: { kiosk: Kiosk }) {
  const [personRef, setPersonRef] = useState('');
  const { signIn, onScan, board } = kiosk;
  const people = board?.people ?? [];
  const person = people.find((one) => one.personRef === personRef);

  useEffect(() => onScan((text) => void signIn({ case: 'badge', value: text })), [onScan, signIn]);

  if (person) {
    const enter = (pin: string) => {
      const value = { $typeName: 'stockhand.kiosk.v1alpha.PinCredential', personRef, pin } as const;
      return signIn({ case: 'pin', value });
    };
    return <PinPad name={person.displayName} enter={enter} back={() => setPersonRef('')} />;
  }
  return (
    <section className="sign-in">
      <p className="store-name">{board?.storeName}</p>
      <h1>{words.title}</h1>
      <p>{people.length > 0 ? words.orPin : words.nobody}</p>
      <div className="people">
        {people.map((one) => (
          <button type="button" key={one.personRef} onClick={() => setPersonRef(one.personRef)}>
            {one.displayName}
          </button>
        ))}
      </div>
    </section>
  );
}

interface PinPadProps {
  name: string;
  enter(pin: string): Promise<void>;
  back(): void;
}

function PinPad({ name, enter, back }: PinPadProps) {
  const [pin, setPin] = useState('');
  const press = (key: PinKey) => setPin((before) => enterPin(before, key));
  const submit = () => {
    void enter(pin);
    setPin('');
  };
  // On a keyboard Enter signs in; it must not press the button that happens to have the focus as well.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key } = event;
      if (/^\d$/.test(key)) setPin((before) => enterPin(before, key as PinKey));
      if (key === 'Backspace') setPin((before) => enterPin(before, 'delete'));
      if (key !== 'Enter' || !isCompletePin(pin)) return;
      event.preventDefault();
      void enter(pin);
      setPin('');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [pin, enter]);
  return (
    <section className="sign-in">
      <h1>{words.pinOf(name)}</h1>
      <p className="dots" role="status" aria-label={`${pin.length}`}>
        {'●'.repeat(pin.length) || '○○○○'}
      </p>
      <div className="pad">
        {keys.map((key) => (
          <button type="button" key={key} onClick={() => press(key)}>
            {key === 'delete' ? words.remove : key}
          </button>
        ))}
        <button type="button" className="primary" disabled={!isCompletePin(pin)} onClick={submit}>
          {words.enter}
        </button>
      </div>
      <button type="button" className="quiet" onClick={back}>
        {words.back}
      </button>
    </section>
  );
}
