# The shop for other software over HTTP, without a screen. docker-compose.yml runs it beside PostgreSQL.
#
# What is installed is exactly requirements.lock, checked by hash. Nothing secret is in the image: keys and the
# database's password come in as files or environment when it runs (deploy/container-start).

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/kiosk \
    && /opt/kiosk/bin/pip install --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md CHANGELOG.md LICENSE alembic.ini ./
COPY alembic alembic
COPY resources resources
COPY visionscan_kiosk visionscan_kiosk
RUN /opt/kiosk/bin/pip install --no-deps --no-build-isolation . \
    # Tools of the build, and the screen, which a container does not have.
    && /opt/kiosk/bin/pip uninstall --yes build hatchling hypothesis mypy pytest pytest-qt pytest-xdist ruff \
        import-linter schemathesis PySide6-Essentials shiboken6 QtAwesome

FROM python:3.12-slim-bookworm
# OpenCV's needs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/visionscan-kiosk kiosk
COPY --from=build /opt/kiosk /opt/kiosk
COPY --chmod=755 deploy/container-start /usr/local/bin/container-start
ENV PATH=/opt/kiosk/bin:$PATH PYTHONUNBUFFERED=1 VISIONSCAN_DATA_DIR=/var/lib/visionscan-kiosk
USER kiosk
WORKDIR /var/lib/visionscan-kiosk
VOLUME /var/lib/visionscan-kiosk
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["container-start"]
CMD ["visionscan-kiosk", "serve", "--host", "0.0.0.0", "--port", "8000"]
