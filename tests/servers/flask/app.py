"""An old API that every method but GET finds: Flask answers 405 to a GET, and says in Allow which methods there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, redirect, request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

app = Flask(__name__)


@app.route("/api/v1/data", methods=["POST", "PUT", "DELETE"])
def old() -> Response:
    return redirect("/api/v2/data", code=307)


@app.route("/api/v2/data", methods=["GET", "POST", "PUT", "DELETE"])
def new() -> str:
    return f"{request.method} taken"
