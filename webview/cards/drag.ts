/** Moving a card with the pointer: a line shows where it would come to stand, and it moves when it is let go. */

export interface Drop {
  /** The id of the card beside which it is dropped. */
  other: string;
  side: "before" | "after";
}

/** Pixels before a press counts as a drag. */
const SLACK = 5;

export function dragCard(grip: HTMLElement, root: HTMLElement, dropped: (drop: Drop) => void): void {
  grip.addEventListener("pointerdown", (press) => {
    if (press.button !== 0) return;
    press.preventDefault();
    grip.focus();
    const ending = new AbortController();
    const { signal } = ending;
    let drop: Drop | null = null;
    let marked: HTMLElement | null = null;
    const mark = (element: HTMLElement | null): void => {
      marked?.classList.remove("drop-before", "drop-after");
      marked = element;
      if (element && drop) element.classList.add(`drop-${drop.side}`);
    };
    const end = (): void => {
      ending.abort();
      mark(null);
      root.classList.remove("dragged");
    };
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) < SLACK && !drop) return;
      root.classList.add("dragged");
      const under = document.elementFromPoint(event.clientX, event.clientY);
      const target = under?.closest<HTMLElement>("[data-card]") ?? null;
      const other = target?.dataset["card"];
      drop = target && target !== root && other !== undefined ? { other, side: sideOf(target, event) } : null;
      mark(drop ? target : null);
    };
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointercancel", end, { signal });
    window.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Escape") end();
      },
      { signal },
    );
    window.addEventListener(
      "pointerup",
      () => {
        const to = drop;
        end();
        if (to) dropped(to);
      },
      { signal },
    );
  });
}

/** Cards beside each other part at their middle from left to right, cards below each other from top to bottom. */
function sideOf(target: HTMLElement, event: PointerEvent): Drop["side"] {
  const { left, top, width, height } = target.getBoundingClientRect();
  const alone = width > 0.8 * (target.parentElement?.clientWidth ?? 0);
  const before = alone ? event.clientY < top + height / 2 : event.clientX < left + width / 2;
  return before ? "before" : "after";
}
