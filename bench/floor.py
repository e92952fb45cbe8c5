"""The floor: the least a Flask application can do, measured beside the journeys. Nothing of kamtrain is in it."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "hello"
