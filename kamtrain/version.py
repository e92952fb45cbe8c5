"""The version, where the package, its build and `/healthz` read it."""

VERSION = "0.1.0"
