import type { DataDescription } from "../../src/protocol/describe";
import { element, setAttribute, setShown, setText } from "../dom";
import { icon } from "../icons";
import { plural, sizeText } from "./words";

/** The file's name and size, and what is odd about it. */
export class Header {
  private readonly name = element("h1", "run-name", {}, ["Data"]);
  private readonly size = element("p", "about");
  private readonly notes = element("ul", "file-notes", { "aria-label": "Notes" });
  readonly root = element("header", "header", {}, [this.name, this.size, this.notes]);

  setPath(path: string): void {
    setText(this.name, path.split(/[/\\]/).pop() ?? path);
    setAttribute(this.name, "title", path);
  }

  update(description: DataDescription | null): void {
    setShown(this.size, description !== null);
    setShown(this.notes, description !== null);
    if (!description) return;
    setText(this.size, sizeText(description));
    const warned = description.columns.filter(({ warnings }) => warnings.length > 0).length;
    const notes = description.notes.map((note) => element("li", "", {}, [icon("info"), note]));
    if (warned > 0) {
      const text = `${plural(warned, "column has", "columns have")} warnings, written on ${warned === 1 ? "its card" : "their cards"}.`;
      notes.push(element("li", "warning", {}, [icon("warning"), text]));
    }
    this.notes.replaceChildren(...notes);
    setShown(this.notes, notes.length > 0);
  }
}
