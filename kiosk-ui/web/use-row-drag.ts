/**
 * A row that follows the pointer while its handle is held, and says on letting go whether it went up or
 * down. The arrow keys on the handle do the same without a pointer.
 */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';

/** Less is a touch that slipped. */
const leastPixels = 28;

export type Direction = 'up' | 'down';

export interface RowDrag {
  /** Pixels that the row is away from its place; 0 while nobody drags. */
  offset: number;
  isDragged: boolean;
  /** Where it would go if let go now. */
  direction: Direction | 'none';
  handle: {
    onPointerDown(event: PointerEvent<HTMLElement>): void;
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerUp(event: PointerEvent<HTMLElement>): void;
    onPointerCancel(): void;
    onKeyDown(event: KeyboardEvent<HTMLElement>): void;
  };
}

export function useRowDrag(dropped: (direction: Direction) => void): RowDrag {
  const startY = useRef<number | null>(null);
  const [offset, setOffset] = useState(0);
  const [isDragged, setDragged] = useState(false);
  const directionOf = (pixels: number) =>
    Math.abs(pixels) < leastPixels ? 'none' : pixels < 0 ? 'up' : 'down';
  const end = () => {
    startY.current = null;
    setDragged(false);
    setOffset(0);
  };
  return {
    offset,
    isDragged,
    direction: directionOf(offset),
    handle: {
      onPointerDown(event) {
        event.currentTarget.setPointerCapture(event.pointerId);
        startY.current = event.clientY;
        setDragged(true);
      },
      onPointerMove(event) {
        if (startY.current !== null) setOffset(event.clientY - startY.current);
      },
      onPointerUp(event) {
        const from = startY.current;
        end();
        const direction = from === null ? 'none' : directionOf(event.clientY - from);
        if (direction !== 'none') dropped(direction);
      },
      onPointerCancel: end,
      onKeyDown(event) {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        dropped(event.key === 'ArrowUp' ? 'up' : 'down');
      },
    },
  };
}
