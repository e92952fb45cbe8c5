"""How waitress serves kamtrain where gunicorn cannot run: `python -m kamtrain.waitress_server HOST PORT`."""

import sys

import waitress

from kamtrain import jobs
from wsgi import app

if __name__ == "__main__":
    jobs.start(app)
    waitress.serve(app, host=sys.argv[1], port=int(sys.argv[2]), threads=8)
