interface PageBarProps {
  title: string;
  /** Words of the button that leaves the page. */
  back: string;
  close(): void;
}

/** Head of a page: what it is about, and the way back. */
export function PageBar({ title, back, close }: PageBarProps) {
  return (
    <div className="bar">
      <h1>{title}</h1>
      <button type="button" onClick={close}>
        {back}
      </button>
    </div>
  );
}
