# The image of qr-gen: what requirements/runtime.txt pins, the wheel of this checkout, and the fonts captions need.
# docs/deployment.md shows how to run it. For both architectures:
#   docker buildx build --platform linux/amd64,linux/arm64 -t qr-gen .

FROM python:3.13-slim-trixie@sha256:3dd7cc108ec1493442514f5c2a871af6af0ec31d768ff6e378a93340c3b3db5f AS base

FROM base AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/qr-gen
COPY requirements requirements
RUN python -m pip --python /opt/qr-gen/bin/python install --no-deps --require-hashes -r requirements/runtime.txt \
 && python -m pip install --no-deps --require-hashes -r requirements/build.txt
COPY . .
RUN python -c "from poetry.core.masonry import api; api.build_wheel('dist')" \
 && python -m pip --python /opt/qr-gen/bin/python install --no-deps dist/*.whl

FROM base
LABEL org.opencontainers.image.title="qr-gen" \
      org.opencontainers.image.description="A chat bot that makes, reads and keeps QR codes, and proves each one before it leaves." \
      org.opencontainers.image.source="https://github.com/qr-gen/qr-gen" \
      org.opencontainers.image.documentation="https://github.com/qr-gen/qr-gen/blob/main/docs/deployment.md" \
      org.opencontainers.image.licenses="MIT"
COPY debian-packages.txt /tmp/
# hadolint ignore=DL3008 # Debian keeps only the newest version of a font
RUN apt-get update \
 && grep -o '^fonts-[^ ]*' /tmp/debian-packages.txt > /tmp/fonts \
 && xargs -a /tmp/fonts apt-get install --yes --no-install-recommends \
 && rm -rf /var/lib/apt/lists/* /tmp/debian-packages.txt /tmp/fonts \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/qr-gen/data --shell /usr/sbin/nologin qr-gen \
 && install -d -o qr-gen -g qr-gen -m 0700 /var/lib/qr-gen/data /var/lib/qr-gen/keys
COPY --from=build /opt/qr-gen /opt/qr-gen

# data/ and keys/ stand where `qr-gen` is started, as they do in a checkout; nothing else is ever written but /tmp.
ENV PATH=/opt/qr-gen/bin:$PATH HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json
WORKDIR /var/lib/qr-gen
VOLUME ["/var/lib/qr-gen/data", "/var/lib/qr-gen/keys"]
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as http; http.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/livez\", timeout=4)"]
CMD ["qr-gen", "serve"]
