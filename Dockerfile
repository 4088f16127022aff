# Web server, queue consumer and migration step are one image with three commands; see compose.yaml.
ARG BASE_IMAGE=python:3.11-slim-bookworm
# hadolint ignore=DL3006
FROM ${BASE_IMAGE}

# Libraries of WeasyPrint, and fonts for the names and notes that Inter has no letters for.
# Debian's own Python comes without venv, the official image's with it.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
    && if ! python3 -c "import ensurepip" 2>/dev/null; then apt-get install -y --no-install-recommends python3-venv; fi \
    && rm -rf /var/lib/apt/lists/*

ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/data BUILD_DIR=/app/build
WORKDIR /app
COPY requirements.txt .
RUN python3 -m venv /venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary=:all: -r requirements.txt \
    && useradd --create-home --uid 10001 app \
    && mkdir /data \
    && chown app:app /app /data

USER 10001
COPY --chown=app:app . .
# The key is for these two commands only: the real one comes from the environment or is made in /data.
RUN export SECRET_KEY=build VAR_DIR=/tmp/var \
    && python manage.py build_fonts \
    && python manage.py collectstatic --noinput -v0 \
    && rm -r /tmp/var

VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import http.client; \
connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
connection.request('GET', '/healthz'); \
raise SystemExit(connection.getresponse().status != 200)"]
CMD ["python", "-m", "uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
    "--log-level", "warning", "--no-access-log", "--no-server-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "30", \
    "--ws-per-message-deflate", "false", "--ws-max-size", "16384"]
