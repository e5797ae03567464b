"""Grafana's dashboards as code: `python -m grafana` writes dashboards/*.json, provisioning/ hands them to Grafana."""
