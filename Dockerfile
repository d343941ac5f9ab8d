# One image for web, worker and beat. Built from the checkout: docker compose build
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DEPLOYMENT=production \
    VAR_DIR=/var/lib/bihuan \
    STATIC_ROOT=/app/static-collected

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk fonts-lxgw-wenkai \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt

COPY . .
# The build needs no secret: what collects static files and compiles the texts runs with throwaway settings.
RUN python bin/_image \
    && useradd --system --uid 10001 --no-create-home bihuan \
    && install -d -o bihuan -g bihuan -m 0750 /var/lib/bihuan /var/lib/bihuan/media /var/lib/bihuan/fonts

USER bihuan
VOLUME /var/lib/bihuan
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.py"]
