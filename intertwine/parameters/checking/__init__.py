"""The check of a case distinction: it shares nothing with the search but the expression language."""
