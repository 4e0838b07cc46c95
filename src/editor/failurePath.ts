/**
 * The key of the run config that a failure of its run is about: the one that the message names, else the target
 * where it speaks of it, else the data file.
 */
export function failurePath(message: string): string[] {
  const named = /\b(data|network)\.[a-zA-Z]+\b/.exec(message);
  // Not "data.csv": a key is followed by no further extension and is one of the config's own.
  if (
    named &&
    /\.(file|validationFile|testFile|target|features|ignore|split|classWeights|rows|initialWeights)$/.test(
      named[0],
    )
  )
    return named[0].split(".");
  return ["data", /\btargets?\b/.test(message) ? "target" : "file"];
}
