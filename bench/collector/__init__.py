"""The collector beside Telegraf and beside ccxt with Points, and its parts beside the bare work."""
