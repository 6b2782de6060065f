# One image for all three ways to run: the command chooses `serve` (the default), `web` or `worker`.

FROM node:22-slim AS console
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.13-slim AS wheel
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY app/ app/
COPY migrations/ migrations/
COPY --from=console /src/app/console/ app/console/
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --create-home --home-dir /data mentiondesk
RUN --mount=type=bind,source=requirements.lock,target=/tmp/requirements.lock \
    --mount=type=bind,from=wheel,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock \
    && pip install --no-cache-dir --no-deps /wheels/*.whl
ENV MENTIONDESK_HOST=0.0.0.0 \
    MENTIONDESK_PORT=8400 \
    MENTIONDESK_DATA_DIR=/data \
    MENTIONDESK_METRICS_PORT=8400 \
    MENTIONDESK_LOG_JSON=true \
    PYTHONUNBUFFERED=1
USER mentiondesk
WORKDIR /data
VOLUME /data
EXPOSE 8400
STOPSIGNAL SIGTERM
# serve, web and worker alike answer there
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8400/readyz', timeout=5)"]
ENTRYPOINT ["mentiondesk"]
CMD ["serve"]
