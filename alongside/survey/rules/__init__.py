"""What may be shown: from respondents' rows to a release. ``disclosure`` is the way in."""
