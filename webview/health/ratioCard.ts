/** The decrease ratio: what single steps brought, over what their gradients promised. */
import { CurveCard } from "../charts/curveCard";
import { changeMarkers } from "../change/marks";
import { lastStep, scaleOf, type ExploredSeries } from "../charts/curves";
import type { Cursor } from "../cursor";
import { element, setText } from "../dom";
import type { RunState } from "../store";
import { verdict } from "./bands";
import { healthPoints } from "./healthPoints";
import { networkQuantities } from "./quantities";
import { learnMore, meaning } from "./quantityRow";
import { ratioPicture } from "./ratioPicture";

export class RatioCard {
  readonly root: HTMLElement;
  private readonly card: CurveCard;
  private readonly verdict = element("p", "health-verdict");

  /** @param openPage shows a page of the documents */
  constructor(cursor: Cursor, redraw: () => void, openPage: (page: string) => void) {
    this.card = new CurveCard("ratio", "Decrease ratio", cursor, redraw, { logSwitch: false });
    this.root = this.card.root;
    this.root.append(this.verdict, meaning(networkQuantities.decreaseRatio), learnMore(openPage));
  }

  /** @param explored a descent on a function that was made again in the page */
  update(run: RunState, explored: ExploredSeries | null): void {
    const points = healthPoints(run, explored, "decreaseRatio");
    setText(this.verdict, verdict(points.y));
    const end = explored?.lastStep ?? lastStep(run);
    const picture = ratioPicture(points, end, run.description !== null);
    this.card.update({ ...picture, scale: scaleOf(run), markers: changeMarkers(run.changes) });
  }
}
