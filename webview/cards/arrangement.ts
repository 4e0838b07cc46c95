/** Where cards stand. */

/** All ids in the order that was chosen; those that it does not name come after the one that they follow by default. */
export function arranged(ids: readonly string[], order: readonly string[]): string[] {
  const all = [...new Set(order)].filter((id) => ids.includes(id));
  ids.forEach((id, place) => {
    if (all.includes(id)) return;
    const after = place === 0 ? -1 : all.indexOf(ids[place - 1]);
    all.splice(after + 1, 0, id);
  });
  return all;
}

/** The order with one card taken out and put before or after another. */
export function movedBeside(
  order: readonly string[],
  id: string,
  other: string,
  side: "before" | "after",
): string[] {
  if (id === other || !order.includes(id)) return [...order];
  const rest = order.filter((one) => one !== id);
  const at = rest.indexOf(other);
  if (at < 0) return [...order];
  rest.splice(side === "before" ? at : at + 1, 0, id);
  return rest;
}

/** The order with one card moved past its neighbour among those that are shown; as it was at either end. */
export function movedBy(
  order: readonly string[],
  shown: readonly string[],
  id: string,
  by: -1 | 1,
): string[] {
  const visible = order.filter((one) => shown.includes(one));
  const at = visible.indexOf(id);
  const neighbour = at < 0 ? undefined : visible[at + by];
  return neighbour === undefined
    ? [...order]
    : movedBeside(order, id, neighbour, by < 0 ? "before" : "after");
}

/** The list with the id in it, or without it. */
export function withId(list: readonly string[], id: string, present: boolean): string[] {
  const rest = list.filter((one) => one !== id);
  return present ? [...rest, id] : rest;
}
