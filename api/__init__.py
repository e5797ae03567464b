"""The REST API: it only asks the database and answers; app.py is the table of contents."""
