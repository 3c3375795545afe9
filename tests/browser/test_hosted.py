"""The widget in a real JupyterLab with a service that charges: over HTTP, as the published protocol has it."""

from __future__ import annotations

import pytest
from fake_hosted import Hosted, text
from person import DROP, LONG, PHOTOS, dropped, nothing_serious, say, studio
from playwright.sync_api import expect
from served import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

CELL = """import reelframe as rf
studio = rf.VideoStudio(backend={url!r}, token="given-token-123", language="en")
studio"""


def test_the_balance_is_what_the_service_reports_and_goes_down_with_a_charge(lab, page, artifacts):
    service = Hosted()
    service.balance = {"available": 41.5, "frozen": 0, "total": 60}
    service.replies.append([lambda _draft: service.balance.update(available=38), text("I made the sky red.")])
    with serving(service.app) as url:
        lab.open(page, lab.write("hosted.ipynb", CELL.format(url=url)))
        lab.run(page, 0)
        region = studio(page)
        credits_ = region.get_by_role("status", name="Credits")
        expect(credits_).to_be_hidden()
        region.evaluate(DROP, dropped(PHOTOS[:1]))
        expect(credits_).to_have_text("Credits 41.5 / 60", timeout=LONG)
        say(region, "make the sky red")
        expect(region.get_by_role("log", name="Activity")).to_contain_text("I made the sky red.", timeout=LONG)
        expect(credits_).to_have_text("Credits 38 / 60", timeout=LONG)
        expect(credits_).to_be_visible()
        nothing_serious(page)
        page.screenshot(path=artifacts / "lab-credits.png")
        # The kernel lets go of the service before it is gone.
        lab.python(page, "studio.close()")
    assert [name for name, _, _ in service.uploads] == [PHOTOS[0].name]
    assert len(service.sent("/run_sse")) == 1
    assert page.problems == []
