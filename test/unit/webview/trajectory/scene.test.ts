import assert from "node:assert/strict";
import { HeightField } from "../../../../webview/surface/heightField";
import { chooseLevels } from "../../../../webview/surface/levels";
import { Scene, startingCamera, turned, zoomedBy, type Camera } from "../../../../webview/trajectory/scene";

const size = 32;
const frame = { left: 0, top: 0, width: 400, height: 300 };

function sceneOf(loss: (x: number, y: number) => number, camera: Camera = startingCamera): Scene {
  const losses = Float64Array.from({ length: size * size }, (_, k) =>
    loss((k % size) / (size - 1), Math.floor(k / size) / (size - 1)),
  );
  const field = new HeightField({
    ...{ region: { a: [-1, 1], b: [-1, 1] }, size, stride: 1, losses, rows: 1, allRows: 1, step: 0 },
  });
  return new Scene(field, chooseLevels(losses)!, camera, frame);
}

const slope = (x: number, y: number): number => 1 + x + y;

describe("a surface in three dimensions", () => {
  it("is painted from the farthest face to the nearest, whole", () => {
    for (let azimuth = -4; azimuth < 4; azimuth += 0.7) {
      const pieces = sceneOf(slope, { ...startingCamera, azimuth }).pieces(20, null);
      assert.equal(pieces.length, 400);
      for (let i = 1; i < pieces.length; i++) assert.ok(pieces[i].depth <= pieces[i - 1].depth);
    }
  });

  it("rises where the loss does, and lies within the frame from wherever one looks", () => {
    const scene = sceneOf(slope);
    assert.ok(scene.see(0, 0, 1).y < scene.see(0, 0, 0).y);
    assert.ok(scene.heightAt(0.9, 0.9) > 0.9 && scene.heightAt(-0.9, -0.9) < 0.1);
    for (let azimuth = 0; azimuth < 6.3; azimuth += 0.3) {
      for (const piece of sceneOf(slope, { ...startingCamera, azimuth }).pieces(8, null)) {
        if (piece.kind !== "face") continue;
        for (const { x, y } of piece.corners)
          assert.ok(x > -20 && x < 420 && y > -20 && y < 320, `${x}, ${y}`);
      }
    }
  });

  it("carries the path: each piece is painted after the face that it lies on", () => {
    const scene = sceneOf(slope);
    const pieces = scene.pieces(20, { a: [-0.8, 0.8], b: [0.3, -0.5] });
    const path = pieces.filter(({ kind }) => kind === "path");
    assert.ok(path.length >= 18);
    const nearest = scene.see(0.8, -0.5, 0);
    const nearestFace = pieces.findIndex(
      (piece) => piece.kind === "face" && Math.abs(piece.depth - nearest.depth) < 0.03,
    );
    const end = pieces.findIndex(
      (piece) => piece.kind === "path" && Math.abs(piece.depth - nearest.depth) < 0.2,
    );
    assert.ok(end > 0 && nearestFace > 0);
    for (const piece of path) {
      if (piece.kind !== "path") continue;
      // It lies on the surface, and not under it.
      assert.ok(piece.from.y < scene.see(-2, -2, 0).y + frame.height);
    }
  });

  it("leaves out what is not finite, and the path over it", () => {
    const hole = (x: number, y: number): number => (x > 0.5 && y > 0.5 ? Infinity : slope(x, y));
    const pieces = sceneOf(hole).pieces(20, { a: [0.2, 0.9], b: [0.2, 0.9] });
    const faces = pieces.filter(({ kind }) => kind === "face").length;
    assert.ok(faces >= 270 && faces <= 310, `${faces} faces`);
    assert.equal(pieces.filter(({ kind }) => kind === "path").length, 0);
  });

  it("can be turned around, but not over, and zoomed within bounds", () => {
    let camera = startingCamera;
    for (let i = 0; i < 50; i++) camera = zoomedBy(turned(camera, 0.5, 0.5), 2);
    assert.ok(camera.elevation < Math.PI / 2 && camera.zoom <= 6);
    for (let i = 0; i < 50; i++) camera = zoomedBy(turned(camera, 0, -0.5), 0.5);
    assert.ok(camera.elevation > 0 && camera.zoom >= 0.4);
  });
});
