"""The web server's settings, read by gunicorn from the project folder. Every value comes from the environment.

Two processes of two threads: a PDF being rendered in one leaves the other free, and each stays under 180 MB.
"""

import os

wsgi_app = "opt_partners.wsgi:application"
bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "2"))
umask = 0o077  # what the site writes is for its own account alone
timeout = 60
graceful_timeout = 10
max_requests = 2000  # a process is renewed now and then: fonts and images leave memory in pieces
max_requests_jitter = 200
preload_app = False  # pango's font maps do not survive a fork
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
accesslog = os.environ.get("ACCESS_LOG") or None
logger_class = "opt_partners.access_log.Logger"
