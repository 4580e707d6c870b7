"""Gunicorn's log, without the secret part of links: neither in addresses nor in referrers."""

from typing import Any

from gunicorn.glogging import Logger as GunicornLogger

from opt_partners.logs import hide


class Logger(GunicornLogger):
    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found = super().atoms(resp, req, environ, request_time)
        return {name: hide(value) if isinstance(value, str) else value for name, value in found.items()}
