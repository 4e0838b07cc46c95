/** The page that shows what is in a data file. This file is wiring only. */
import "./styles/common.css";
import "./styles/describe.css";
import { ColumnList } from "./describe/columnList";
import { Header } from "./describe/header";
import { connect, send, state, updateState } from "./describe/host";
import { MessageBox } from "./describe/messageBox";
import { TargetCard } from "./describe/targetCard";
import { element, setShown } from "./dom";
import type { DataDescription } from "../src/protocol/describe";

let description: DataDescription | null = null;
let target = state().target ?? "";

const header = new Header();
const message = new MessageBox((action) => send({ type: action }));
const targetCard = new TargetCard(
  (name) => {
    target = name;
    updateState({ target });
    draw();
  },
  (action) => send({ type: action, target }),
);
const columns = new ColumnList();
const main = element("main", "describe", {}, [header.root, message.root, targetCard.root, columns.root]);
(document.getElementById("root") ?? document.body).append(main);
draw();

connect(
  (told) => {
    updateState({ path: told.path });
    header.setPath(told.path);
    if (told.type === "description") {
      description = told.description;
      targetCard.load(description);
      message.hide();
    } else {
      description = null;
      if (told.type === "loading") message.showLoading(told.message, told.fraction);
      else message.showFailure(told.message);
    }
    draw();
  },
  () => {
    description = null;
    message.showText("Downhill was updated: reload the window to see this file.");
    draw();
  },
);

function draw(): void {
  setShown(targetCard.root, description !== null);
  setShown(columns.root, description !== null);
  header.update(description);
  if (!description) return;
  const { columns: all, targets } = description;
  const column = all.find(({ name }) => name === target) ?? all.find(({ name }) => name === targets.at(0));
  target = column?.name ?? "";
  targetCard.update(column ?? null, description);
  columns.update(description, target);
}
