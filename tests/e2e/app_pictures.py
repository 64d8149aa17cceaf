"""Pictures of the mobile app, with the demonstration's people: ``python -m tests.e2e.app_pictures`` after ``make app``."""

import base64
from pathlib import Path
from tempfile import TemporaryDirectory

from api.demo import PASSWORD
from tests.e2e.app_visitor import APP, AppVisitor
from tests.e2e.pictures import HOME, PEOPLE, PLACES
from tests.e2e.visitors import chromium, serving
from tests.place_table import table

KEPT = APP / "screenshots"
SHOWN = {
    ("en", "light"): {"overview": "", "profile": "My profile", "delete": "Delete my profile"},
    ("lv", "dark"): {"sign-ins": "Sign-in history", "preferences": "Preferences", "devices": "Devices"},
}


def take(app: AppVisitor, file: Path) -> None:
    """The screen as a phone shows it, as a small WebP."""
    app.settled()
    devtools = app.context.new_cdp_session(app.page)
    picture = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": 45})
    file.write_bytes(base64.b64decode(picture["data"]))
    devtools.detach()


def main() -> None:
    KEPT.mkdir(exist_ok=True)
    with TemporaryDirectory() as name, chromium() as browser:
        places = table(Path(name) / "places.mmdb", PLACES)
        with serving(Path(name), "demo", PLACES_FILE=str(places)) as server:
            for (language, theme), screens in SHOWN.items():
                headers = {"X-Forwarded-For": HOME[language]}
                app = AppVisitor(server, browser, language=language, color_scheme=theme, extra_http_headers=headers)
                app.open()
                app.sign_in(PASSWORD, email=PEOPLE[language])
                app.inside()
                for file, screen in screens.items():
                    if screen:
                        app.to(screen)
                    take(app, KEPT / f"{language}-360-{theme}-{file}.webp")
                    if screen:
                        app.back()
                app.leave()


if __name__ == "__main__":
    main()
