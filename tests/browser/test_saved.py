"""What a JupyterLab keeps of the widget in the notebook's file, for a reader who has the state of widgets saved."""

from __future__ import annotations

import json

import pytest
from person import LONG, PHOTOS, studio
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

BUDGET = 20_000
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"


@pytest.fixture
def states_are_saved(lab):
    setting = lab.root / "settings/@jupyter-widgets/jupyterlab-manager/plugin.jupyterlab-settings"
    setting.parent.mkdir(parents=True)
    setting.write_text(json.dumps({"saveState": True}))
    yield
    setting.unlink()


def saved(lab, page, name):
    page.evaluate(SAVE)
    text = (lab.notebooks / name).read_text()
    states = json.loads(text)["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    return text, next(one["state"] for one in states if "_esm" in one["state"])


@pytest.mark.usefixtures("states_are_saved")
def test_a_notebook_with_the_state_of_its_widgets_is_small_too_and_shows_the_static_output(lab, page):
    paths = ", ".join(repr(str(p)) for p in PHOTOS[:3])
    make = f"media = studio.upload({paths}).result()\nreply = studio.send('make a 3-second video of these').result()"
    name = lab.write("state.ipynb", "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio", make)
    bare = (lab.notebooks / name).stat().st_size
    lab.open(page, name)
    lab.run(page, 0)
    studio(page)
    text, state = saved(lab, page, name)
    assert len(text) - bare < BUDGET, "of a studio that nobody has used"
    assert state["_esm"] == "export default { render() {} };"

    lab.run(page, 1)
    expect(studio(page).get_by_role("option").first).to_be_visible(timeout=LONG)
    expect(page.locator(".rf-static img")).to_have_count(1, timeout=LONG)
    text, state = saved(lab, page, name)
    print(f"{len(text) - bare} bytes more, {len(json.dumps(state))} of them the widget's state")
    assert len(text) - bare < BUDGET
    assert state["view"] == {}

    # While the kernel lives, a page that is loaded again has the studio itself.
    lab.open(page, name)
    expect(studio(page).get_by_role("option").first).to_be_visible(timeout=LONG)
    expect(page.locator(".rf-static")).to_be_hidden()
    # With another one there is the output that needs none.
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    lab.open(page, name)
    expect(page.locator(".rf-static")).to_be_visible()
    expect(page.locator(".rf-static")).to_contain_text(PHOTOS[0].name)
    expect(page.get_by_role("region", name="Video studio")).to_have_count(0)
