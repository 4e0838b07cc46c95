import type { DataDescription, DescribedColumn } from "../../src/protocol/describe";
import { element, setShown, setText } from "../dom";
import { columnCard } from "./columnCard";
import { state, updateState } from "./host";
import { plural, typeWord } from "./words";

/** Cards are made so many at a time: thousands at once would hold up the page. */
const pageSize = 200;

type Order = "file" | "name" | "type" | "missing" | "distinct" | "warnings";

const orders: Record<Order, { label: string; compare: (a: DescribedColumn, b: DescribedColumn) => number }> =
  {
    file: { label: "File order", compare: () => 0 },
    name: { label: "Name", compare: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }) },
    type: { label: "Type", compare: (a, b) => a.type.localeCompare(b.type) },
    missing: { label: "Most missing", compare: (a, b) => b.missing - a.missing },
    distinct: { label: "Most distinct values", compare: (a, b) => b.distinct - a.distinct },
    warnings: { label: "Most warnings", compare: (a, b) => b.warnings.length - a.warnings.length },
  };

/** The columns of the file as cards: filtered, sorted, and not more than a page of them at first. */
export class ColumnList {
  readonly root: HTMLElement;
  private readonly filter = element("input", "filter", {
    type: "search",
    placeholder: "Filter by name, type or warning",
    "aria-label": "Filter columns",
  });
  private readonly order = element("select", "select", { id: "order" });
  private readonly count = element("span", "count", { role: "status" });
  private readonly list = element("ul", "columns");
  private readonly more = element("button", "more", { type: "button" });
  private description: DataDescription | null = null;
  private target = "";
  private shown = pageSize;

  constructor() {
    for (const [value, { label }] of Object.entries(orders))
      this.order.append(element("option", "", { value }, [label]));
    const kept = state();
    this.filter.value = kept.filter ?? "";
    this.order.value = isOrder(kept.order) ? kept.order : "file";
    this.filter.addEventListener("input", () => this.change());
    this.order.addEventListener("change", () => this.change());
    this.more.addEventListener("click", () => {
      const first = this.shown;
      this.shown += pageSize;
      this.draw();
      // The button may be gone, and the focus with it: it goes on with the first new card.
      const card = this.list.children.item(first);
      if (card instanceof HTMLElement) {
        card.tabIndex = -1;
        card.focus({ preventScroll: true });
      }
    });
    const sorting = element("span", "sorting", {}, [
      element("label", "", { for: "order" }, ["Sort by"]),
      this.order,
    ]);
    this.root = element("section", "column-list", { "aria-label": "Columns" }, [
      element("div", "column-tools", {}, [
        element("h2", "", {}, ["Columns"]),
        this.count,
        this.filter,
        sorting,
      ]),
      this.list,
      this.more,
    ]);
  }

  update(description: DataDescription, target: string): void {
    if (this.description === description && this.target === target) return;
    this.description = description;
    this.target = target;
    this.draw();
  }

  private change(): void {
    updateState({ filter: this.filter.value, order: this.order.value });
    this.shown = pageSize;
    this.draw();
  }

  private draw(): void {
    const { description } = this;
    if (!description) return;
    const all = description.columns;
    const wanted = this.filter.value.trim().toLowerCase();
    const found = wanted === "" ? [...all] : all.filter((column) => matches(column, wanted));
    const { compare } = orders[isOrder(this.order.value) ? this.order.value : "file"];
    // Sorting is stable: equal ones stay in the order of the file.
    found.sort(compare);
    const cards = found.slice(0, this.shown);
    this.list.replaceChildren(
      ...cards.map((column) => columnCard(column, description, column.name === this.target)),
    );
    const left = found.length - cards.length;
    setShown(this.more, left > 0);
    setText(this.more, `Show ${plural(Math.min(left, pageSize), "more column")} of ${left}`);
    setText(
      this.count,
      found.length === all.length ? String(all.length) : `${found.length} of ${all.length}`,
    );
    if (found.length === 0)
      this.list.replaceChildren(
        element("li", "nothing", {}, [`No column matches “${this.filter.value.trim()}”.`]),
      );
  }
}

function matches({ name, type, warnings }: DescribedColumn, wanted: string): boolean {
  return (
    name.toLowerCase().includes(wanted) ||
    typeWord(type).toLowerCase().startsWith(wanted) ||
    warnings.some(({ label }) => label.toLowerCase().startsWith(wanted))
  );
}

function isOrder(value: string | undefined): value is Order {
  return value !== undefined && Object.hasOwn(orders, value);
}
