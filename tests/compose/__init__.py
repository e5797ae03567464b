"""`make compose-test`: docker-compose.yml in real containers."""
