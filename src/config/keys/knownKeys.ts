/** What an unknown key may have meant: another spelling, another name, or a key of another section. */

import type { Field, Fields } from "./field";
import { runConfigField } from "./fields";
import { sameWord, suggest } from "../suggest";

type KnownFields = Readonly<Record<string, Field | null>>;

/** The keys that can be used here. */
export function availableKeys(fields: KnownFields): string[] {
  return Object.keys(fields).filter((key) => fields[key]?.kind !== "unavailable");
}

/**
 * @param fields the keys that are known where `key` stands; null for one that is known but not described
 * @param section the dotted path of the object that it stands in, "" at the top level
 * @returns the key that was meant, with its section if that is another one
 */
export function meantKey(
  key: string,
  fields: KnownFields,
  section: string,
): { key: string; section: string | null } | null {
  const keys = availableKeys(fields);
  const aliases = Object.fromEntries(
    keys.flatMap((known) => (fields[known]?.aliases ?? []).map((alias) => [alias, known])),
  );
  const same = sameWord(key, keys, aliases);
  if (same !== null) return { key: same, section: null };
  const place = placeOf(key);
  if (place !== null && place.section !== section) return { key: place.key, section: place.section };
  const near = suggest(key, keys);
  return near === null ? null : { key: near, section: null };
}

interface Place {
  key: string;
  /** Dotted; "" for the top level. */
  section: string;
  aliases: readonly string[];
}

/** Where in a run config a key would be known, by its name or else by another name for it. */
function placeOf(key: string): Place | null {
  return (
    allPlaces.find((place) => sameWord(key, [place.key]) !== null) ??
    allPlaces.find(({ aliases }) => sameWord(key, aliases) !== null) ??
    null
  );
}

function places(fields: Fields, section: string): Place[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    if (field.kind === "unavailable") return [];
    const inside = section === "" ? key : `${section}.${key}`;
    return [{ key, section, aliases: field.aliases ?? [] }, ...placesInside(field, inside)];
  });
}

function placesInside(field: Field, section: string): Place[] {
  if (field.kind === "object") return places(field.fields, section);
  if (field.kind !== "variants") return [];
  return Object.values(field.variants).flatMap((variant) => places(variant.fields, section));
}

const allPlaces = places(runConfigField.fields, "");
