# One image for setup, collector and API; docker-compose.yml says which command each container runs.

FROM python:3.11-slim AS packages
COPY requirements.txt /
RUN python -m venv /opt/coinwatch \
 && /opt/coinwatch/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.11-slim
# The homes are made here so that a new volume mounted there belongs to the user.
RUN groupadd --gid 1000 coinwatch \
 && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /var/lib/coinwatch --shell /usr/sbin/nologin coinwatch \
 && for home in /var/lib/coinwatch /etc/coinwatch /handed/collector /handed/api /handed/grafana; do \
      mkdir -p "$home" && chown coinwatch:coinwatch "$home" && chmod 700 "$home"; \
    done
COPY --from=packages /opt/coinwatch /opt/coinwatch
WORKDIR /app
COPY CHANGELOG.md ./
COPY influx ./influx
COPY collector ./collector
COPY api ./api
ENV PATH=/opt/coinwatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    COINWATCH_HOME=/var/lib/coinwatch
# Compiled now: the containers' roots are read-only.
RUN python -m compileall -q /app
USER coinwatch
EXPOSE 8000
CMD ["python", "-m", "api"]
