/** The project's folder, put in by scripts/unit.mjs. */
declare const DOWNHILL_ROOT: string;
