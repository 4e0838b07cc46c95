/** package.json's version, put in by the bundler. */
declare const DOWNHILL_VERSION: string;
