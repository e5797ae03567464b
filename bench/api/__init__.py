"""The API beside a bare Starlette application, beside the raw query, and beside the naive rank."""
