import type { PanelLayout } from "../../src/protocol/layout";
import { element, setShown, setText } from "../dom";
import type { MenuItem } from "../parts/menu";
import type { RunState } from "../store";
import { createButton } from "../toolkit";
import { arranged, movedBeside, movedBy, withId } from "./arrangement";
import type { PanelCard } from "./card";
import { CardFrame } from "./frame";

/** Pixels between cards, as in cards.css. */
const GAP = 10;
/** Lower, a chart cannot be read. */
const LOWEST_ROW = 200;
/** Higher, further cards come into sight instead. */
const HIGHEST_ROW = 520;

interface Place {
  card: PanelCard;
  frame: CardFrame;
  available: boolean;
  /** On the screen or about to be. */
  near: boolean;
  /** What the card was last told by `seen`. */
  told: boolean;
}

/** The cards of the panel: in the order, the size and the choice that a person has made. */
export class CardGrid {
  readonly root = element("section", "cards", { "aria-label": "Charts" });
  private readonly places: Map<string, Place>;
  private readonly spoken = element("p", "visually-hidden", { role: "status" });
  private readonly none = element("p", "no-cards", {}, ["All cards are hidden."]);
  private panel: HTMLElement | null = null;
  /** Which cards were shown when their height was last reckoned. */
  private fitted = "";
  private layout: PanelLayout = { order: [], hidden: [], large: [] };
  private order: string[] = [];

  /**
   * @param changed told when a person has rearranged the cards
   * @param redraw asked when a card comes into sight
   */
  constructor(
    cards: readonly PanelCard[],
    private readonly changed: (layout: PanelLayout) => void,
    private readonly redraw: () => void,
  ) {
    const actions = {
      move: (id: string, by: -1 | 1) => this.move(id, by),
      drop: (id: string, { other, side }: { other: string; side: "before" | "after" }) =>
        this.arrange({ order: movedBeside(this.order, id, other, side) }),
      hide: (id: string) => this.setHidden(id, true),
      enlarge: (id: string, large: boolean) => this.arrange({ large: withId(this.layout.large, id, large) }),
    };
    this.places = new Map(
      cards.map((card) => [
        card.id,
        { card, frame: new CardFrame(card, actions), available: false, near: true, told: false },
      ]),
    );
    const showAll = createButton({
      icon: "layout",
      label: "Show All Cards",
      appearance: "secondary",
      tooltip: "Show every card again",
      onClick: () => this.arrange({ hidden: [] }),
    });
    this.none.append(showAll);
    this.apply();
    this.watch();
  }

  /** As it was kept for the workspace. */
  setLayout(layout: PanelLayout): void {
    this.layout = layout;
    this.apply();
    this.redraw();
  }

  update(run: RunState): void {
    for (const place of this.places.values()) place.available = place.card.available(run);
    this.show();
    for (const { card, near } of this.places.values()) {
      if (near && !card.root.hidden) card.update(run);
    }
  }

  /** Fits the rows to the panel whenever it, or something else in it, changes its size. */
  fitInto(panel: HTMLElement, others: readonly HTMLElement[]): void {
    this.panel = panel;
    const full = [...this.places.values()].filter(({ card }) => card.size === "full");
    const observer = new ResizeObserver(() => this.fit());
    for (const part of [panel, ...others, ...full.map(({ card }) => card.root)]) observer.observe(part);
  }

  /**
   * Lets two rows of cards fill what the rest of the panel leaves of its height, as long as they stay readable.
   */
  private fit(): void {
    const { panel } = this;
    if (!panel || this.root.hidden) return;
    const { paddingTop, paddingBottom } = getComputedStyle(panel);
    const before = this.root.offsetTop - panel.offsetTop - Number.parseFloat(paddingTop);
    const height = panel.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
    const shown = [...this.places.values()].filter(({ card }) => !card.root.hidden);
    const full = shown.filter(({ card }) => card.size === "full");
    const others = full.reduce((sum, { card }) => sum + card.root.offsetHeight + GAP, 0);
    const rows = shown.length - full.length <= 1 ? 1 : 2;
    const row = Math.floor((height - before - others - (rows - 1) * GAP) / rows);
    this.root.style.setProperty("--row", `${Math.min(HIGHEST_ROW, Math.max(LOWEST_ROW, row))}px`);
  }

  /** No run is shown, or it cannot be drawn. */
  hide(): void {
    for (const place of this.places.values()) place.available = false;
    this.show();
  }

  /** What the menu of all cards offers: each card on or off, and all as they were. */
  menu(): MenuItem[] {
    const cards = this.order.flatMap((id): MenuItem[] => {
      const place = this.places.get(id);
      if (!place?.available) return [];
      return [
        {
          label: place.card.title,
          checked: () => !this.layout.hidden.includes(id),
          stays: true,
          run: () => this.setHidden(id, !this.layout.hidden.includes(id)),
        },
      ];
    });
    return [
      ...cards,
      {
        label: "Reset layout",
        separated: true,
        run: () => this.arrange({ order: [], hidden: [], large: [] }),
      },
    ];
  }

  private setHidden(id: string, hidden: boolean): void {
    const title = this.places.get(id)?.card.title ?? "";
    const next = this.shownIds();
    const neighbour = next[next.indexOf(id) + 1] ?? next[next.indexOf(id) - 1];
    const focused = this.places.get(id)?.card.root.contains(document.activeElement) ?? false;
    this.arrange({ hidden: withId(this.layout.hidden, id, hidden) });
    setText(this.spoken, `${title} ${hidden ? "hidden" : "shown"}`);
    if (hidden && focused) this.places.get(neighbour)?.frame.grip.focus();
  }

  private move(id: string, by: -1 | 1): void {
    this.arrange({ order: movedBy(this.order, this.shownIds(), id, by) });
    const shown = this.shownIds();
    const title = this.places.get(id)?.card.title ?? "";
    setText(this.spoken, `${title} is card ${shown.indexOf(id) + 1} of ${shown.length}`);
  }

  private arrange(change: Partial<PanelLayout>): void {
    this.layout = { ...this.layout, ...change };
    this.apply();
    this.changed(this.layout);
    this.redraw();
  }

  private shownIds(): string[] {
    return this.order.filter((id) => this.places.get(id)?.card.root.hidden === false);
  }

  private apply(): void {
    this.order = arranged([...this.places.keys()], this.layout.order);
    const roots = this.order.flatMap((id) => this.places.get(id)?.card.root ?? []);
    const wanted: Node[] = [...roots, this.none, this.spoken];
    const focused = document.activeElement;
    wanted.forEach((node, i) => {
      if (this.root.childNodes[i] !== node) this.root.insertBefore(node, this.root.childNodes[i] ?? null);
    });
    // An element that is put elsewhere loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus();
    for (const [id, { frame }] of this.places) frame.setLarge(this.layout.large.includes(id));
    this.show();
  }

  private show(): void {
    for (const [id, place] of this.places) {
      setShown(place.card.root, place.available && !this.layout.hidden.includes(id));
      this.tell(place);
    }
    const places = [...this.places.values()];
    const shown = this.shownIds().join();
    if (shown !== this.fitted) {
      this.fitted = shown;
      this.fit();
    }
    setShown(
      this.none,
      places.some(({ available }) => available) && places.every(({ card }) => card.root.hidden),
    );
  }

  private tell(place: Place): void {
    const visible = place.near && !place.card.root.hidden && !document.hidden;
    if (visible === place.told) return;
    place.told = visible;
    place.card.seen?.(visible);
  }

  /** Cards that are scrolled away cost nothing. */
  private watch(): void {
    const byRoot = new Map([...this.places.values()].map((place) => [place.card.root as Element, place]));
    const observer = new IntersectionObserver(
      (entries) => {
        let came = false;
        for (const { target, isIntersecting } of entries) {
          const place = byRoot.get(target);
          // A card that is hidden intersects nothing; it is to be drawn as soon as it is shown.
          if (!place || place.card.root.hidden) continue;
          came ||= isIntersecting && !place.near;
          place.near = isIntersecting;
          this.tell(place);
        }
        if (came) this.redraw();
      },
      { rootMargin: "150px" },
    );
    for (const root of byRoot.keys()) observer.observe(root);
    document.addEventListener("visibilitychange", () => {
      for (const place of this.places.values()) this.tell(place);
    });
  }
}
