"""The WSGI application every server loads (`wsgi:app`); `flask --app wsgi` finds its commands here too."""

from wsgiref.headers import Headers

from whitenoise import WhiteNoise

from kamtrain import create_app
from kamtrain.settings import Settings
from kamtrain.web.assets import DIST


def _headers(headers: Headers, path: str, url: str) -> None:
    """Files say what the application's own responses say: the browser shall not guess their type."""
    headers["X-Content-Type-Options"] = "nosniff"


app = create_app(Settings())

# Files with a hash in their name are kept by browsers for good; their .br and .gz siblings are sent as they are.
app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
    app.wsgi_app,
    root=str(DIST.parent),
    prefix="static/",
    immutable_file_test=r"^.+-[0-9A-Z]{8}\..+$",
    add_headers_function=_headers,
    allow_all_origins=False,
)
