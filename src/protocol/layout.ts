/** How a person has arranged the cards of the panel; kept for the workspace. */
export interface PanelLayout {
  /** Ids of cards, first to last. Cards that are not named stand where they stand by default. */
  order: string[];
  hidden: string[];
  /** Cards that take the whole width. */
  large: string[];
}

/** Host → panel when its page has loaded or another panel was rearranged; panel → host when this one was. */
export interface LayoutMessage {
  type: "layout";
  layout: PanelLayout;
}
