"""kamtrain: the training platform for key-account sales teams."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from kamtrain import cli
from kamtrain.http import (
    addresses,
    compression,
    csrf,
    database,
    errors,
    headers,
    health,
    identity,
    keys,
    limits,
    locale,
    pages,
    redirects,
    templates,
)
from kamtrain.settings import Settings
from kamtrain.version import VERSION
from kamtrain.web import assets, names
from kamtrain.web.account import views as account
from kamtrain.web.admin import views as admin
from kamtrain.web.drill import views as drill
from kamtrain.web.insight import views as insight
from kamtrain.web.learn import views as learn
from kamtrain.web.marking import views as marking
from kamtrain.web.negotiation import views as negotiation
from kamtrain.web.practice import views as practice
from kamtrain.web.studio import views as studio
from kamtrain.web.workbench import views as bench

__version__ = VERSION

HERE = Path(__file__).parent

BLUEPRINTS = (
    health.blueprint,
    account.blueprint,
    learn.blueprint,
    practice.blueprint,
    drill.blueprint,
    negotiation.blueprint,
    bench.blueprint,
    studio.blueprint,
    marking.blueprint,
    insight.blueprint,
    admin.blueprint,
)


def create_app(settings: Settings) -> Flask:
    """The application; the one place that knows every part. Makes the key where there is none; connects to nothing."""
    app = addresses.Addressed(__name__, template_folder="web/templates", static_folder="web/static")
    app.extensions["kamtrain.settings"] = settings
    app.secret_key = keys.secret_key(settings)
    app.config.update(MAX_CONTENT_LENGTH=settings.max_upload, MAX_FORM_MEMORY_SIZE=settings.max_upload)
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
        )
    templates.install(app)
    # A question type brings its template in its own folder, items/<type>/item.html, and so does a tool that draws.
    families = {"items": FileSystemLoader(HERE / "items"), "tools": FileSystemLoader(HERE / "workbench")}
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / "web/templates"), PrefixLoader(families)])
    app.jinja_env.globals["asset_url"] = assets.asset_url
    compression.install(app)
    database.install(app, settings.database)
    locale.install(app)
    pages.install(app)
    names.install(app)
    headers.install(app)
    errors.install(app)
    # Who asks comes before what was sent: somebody signed out is asked to sign in, and the form is kept.
    identity.install(app)
    csrf.install(app)
    limits.install(app, settings.limits_url)
    cli.install(app)
    app.url_map.converters["int"] = redirects.Id
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
