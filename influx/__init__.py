"""The database's shape and all that runs inside it; the collector and the API both stand on this package."""
