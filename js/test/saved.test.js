import { expect, test } from "vitest";
import { saveLittle } from "../src/saved.js";
import { FakeModel } from "./fake.js";

/** As JupyterLab's: what it saves is `get_state()`, and `set` returns the model itself. */
class Backbone extends FakeModel {
  set(key, value) {
    super.set(key, value);
    return this;
  }

  get_state(dropDefaults) {
    return { ...this.state, dropDefaults };
  }
}

test("what a host saves of the widget holds neither its code nor its view, whichever of its views began it", () => {
  const model = new Backbone({ _esm: "code", _css: "style" });
  const face = { get: model.get.bind(model), set: model.set.bind(model) };
  saveLittle(face);
  saveLittle(face);
  expect(model.get_state(true)).toEqual({
    _esm: "export default { render() {} };", _css: "", view: {}, progress: null, fallback: "rf-static-1", accept: ".jpg,.png", dropDefaults: true,
  });
  expect(model.get("_esm")).toBe("code");
  expect(model.get("view").lines).toEqual([]);
});

test("a host that saves nothing is left alone", () => {
  const model = new FakeModel();
  const before = JSON.stringify(model.state);
  saveLittle(model);
  expect(JSON.stringify(model.state)).toBe(before);
  expect("get_state" in model).toBe(false);
});
