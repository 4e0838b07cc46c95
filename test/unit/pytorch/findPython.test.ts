import assert from "node:assert/strict";
import path from "node:path";
import { installCommand, pythonCandidates, type PythonWishes } from "../../../src/pytorch/findPython";
import { lastWords } from "../../../src/pytorch/pythonProcess";

const wishes: PythonWishes = {
  configured: undefined,
  configFolder: path.resolve("/w/runs"),
  workspaceFolder: path.resolve("/w"),
  known: ["/chosen/python"],
};

describe("finding Python", () => {
  it("tries what the editor chose, the workspace's environment, then the path", () => {
    const there = [path.resolve("/w/.venv/bin/python"), "/usr/bin/python3"];
    const candidates = pythonCandidates(wishes, "linux", (file) => there.includes(file));
    assert.deepEqual(candidates, ["/chosen/python", there[0], "python3", "python", "/usr/bin/python3"]);
  });

  it("tries nothing but what the config names, relative to it", () => {
    const of = (configured: string): string[] =>
      pythonCandidates({ ...wishes, configured }, "linux", () => true);
    assert.deepEqual(of("python3.11"), ["python3.11"]);
    assert.deepEqual(of("../env/bin/python"), [path.resolve("/w/env/bin/python")]);
    assert.deepEqual(of("/opt/python"), [path.resolve("/opt/python")]);
  });

  it("knows the launcher of Windows", () => {
    const candidates = pythonCandidates({ ...wishes, known: [] }, "win32", () => false);
    assert.deepEqual(candidates, ["python", "py"]);
  });

  it("quotes a path with spaces", () => {
    assert.equal(installCommand("/my tools/python"), '"/my tools/python" -m pip install torch');
  });

  it("tells the error among what torchrun adds to it", () => {
    const lines = [
      "Traceback (most recent call last):",
      '  File "x"',
      "[rank1]: RuntimeError: boom",
      "  more",
    ];
    assert.equal(
      lastWords([...lines, "torch.distributed.elastic.multiprocessing.errors.ChildFailedError:", "====="]),
      "RuntimeError: boom",
    );
    assert.equal(lastWords(["first", "last", " "]), "last");
    assert.equal(lastWords([]), null);
  });
});
