import type * as vscode from "vscode";
import type { LayoutMessage, PanelLayout } from "../protocol/layout";

const key = "downhill.panelLayout";

/** How the cards of the panel are arranged: the same in all panels of the workspace, and remembered for it. */
export class PanelLayouts {
  private readonly pages = new Set<(message: LayoutMessage) => void>();

  constructor(private readonly memory: vscode.Memento) {}

  /** A page that shows cards. Returns what ends its listening. */
  add(post: (message: LayoutMessage) => void): () => void {
    this.pages.add(post);
    return () => this.pages.delete(post);
  }

  /** Its page has loaded. */
  ready(post: (message: LayoutMessage) => void): void {
    post({ type: "layout", layout: layoutFrom(this.memory.get(key)) });
  }

  /** A person has arranged the cards in one page: the others follow. */
  changed(from: (message: LayoutMessage) => void, layout: unknown): void {
    const known = layoutFrom(layout);
    void this.memory.update(key, known);
    for (const post of this.pages) if (post !== from) post({ type: "layout", layout: known });
  }
}

/** What was kept by an older version, or by a page gone wrong, is not trusted to be a layout. */
export function layoutFrom(value: unknown): PanelLayout {
  const { order, hidden, large } = (value ?? {}) as Record<keyof PanelLayout, unknown>;
  return { order: names(order), hidden: names(hidden), large: names(large) };
}

/** More cards than there will ever be. */
const MOST = 100;

function names(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string").slice(0, MOST)
    : [];
}
