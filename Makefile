# Two commands suffice: `make run` and `make test`. Everything they need is made on the way.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help run test quick postgres drills audit format lock messages benchmarks benchmarks-scale clean python

help: ## montre cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: python ## lance la démonstration sur http://127.0.0.1:8000 (PORT=8001 make run : un autre port)
	@$(PYTHON) scripts/run.py

test: python ## vérifie tout : style, types, tests sur SQLite et PostgreSQL, navigateur (30 min environ)
	@$(PYTHON) scripts/suite.py full

quick: python ## vérifie l’essentiel en une minute et quart environ
	@$(PYTHON) scripts/suite.py quick

postgres: python ## refait sur PostgreSQL tous les tests de la base, ceux aussi que make test n’y refait pas
	@$(PYTHON) scripts/suite.py postgres

drills: python ## casse un site pour de vrai, de dix façons, et le remet (20 min au plus)
	@$(PYTHON) scripts/suite.py drills

audit: python ## cherche les failles connues des bibliothèques verrouillées (demande le réseau)
	@$(PYTHON) scripts/bootstrap.py --dev
	@.venv/bin/uv tool run pip-audit==2.10.1 --strict --disable-pip --require-hashes -r requirements.lock

format: python ## met en forme le code Python, les gabarits et les feuilles de style
	@$(PYTHON) scripts/bootstrap.py --dev
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .
	@.venv/bin/python scripts/format_pages.py

lock: python ## refait les verrous des bibliothèques (LOCK=--upgrade : avec les versions les plus récentes)
	@$(PYTHON) scripts/bootstrap.py --dev
	@for name in requirements requirements-dev; do \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-emit-find-links --custom-compile-command 'make lock' $(LOCK) --output-file $$name.lock $$name.txt || exit 1; \
	done

messages: python ## complète le catalogue français (pluriels) et le compile
	@$(PYTHON) scripts/bootstrap.py
	@.venv/bin/python scripts/messages.py

benchmarks: python ## mesure les performances, un programme après l’autre
	@$(PYTHON) scripts/bootstrap.py --dev
	@set -e; for file in benchmarks/[a-z]*.py; do \
		name=$$(basename $$file .py); case $$name in generate|scale) continue;; esac; \
		echo "== $$name"; .venv/bin/python -m benchmarks.$$name; \
	done

benchmarks-scale: python ## mesure les pages et les commandes à 1 000, 10 000 et 100 000 conventions (une demi-heure)
	@$(PYTHON) scripts/bootstrap.py --dev
	@.venv/bin/python -m benchmarks.scale

clean: ## efface .venv et var (base, fichiers, courriels de cette copie), après confirmation
	@printf 'Effacer .venv et var, avec toutes les données de cette copie ? [oui/non] '; \
	read answer && [ "$$answer" = oui ] || { echo 'Rien n’a été effacé.'; exit 1; }; \
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache && echo 'Effacé.'

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Il faut Python 3.11 ou plus récent (apt-get install python3), ou : make PYTHON=python3.12 …' >&2; exit 1; }
